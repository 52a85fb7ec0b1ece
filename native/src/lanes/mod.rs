//! Eight field elements side by side, with AVX-512 IFMA: five limbs of 52 bits, Montgomery form with R = 2^260, lazily reduced.
//!
//! A product of numbers below a and b times the modulus is below twice the modulus as long as a * b <= 84, and costs no final subtraction. Sums
//! and differences are not reduced either. Builds with debug assertions follow each number's bound from operation to operation, whatever the
//! values, and panic where a limit could be passed.
//!
//! All functions carry the target features, so that they inline into callers that carry them, and only a caller that does not needs `unsafe`:
//! once, at the entry, after asking `Cpu`.
// What callers must see to is the same for all: the paragraph above.
#![allow(clippy::missing_safety_doc)]

mod bound;
mod constants;
mod pack;
mod settle;
mod wide;

pub use constants::Constant;
pub use wide::Wide;

use crate::arithmetic::{Limbs, Modulus};
use bound::{Bound, MOST};
use constants::{BITS, LIMBS, LaneModulus, Limbs52, MASK, split, times};
use pack::{Vectors, pack, splat, unpack};
use std::arch::x86_64::*;
use std::marker::PhantomData;

/// Numbers side by side.
pub const COUNT: usize = 8;

/// Eight elements of the field with modulus M. Limbs have 52 bits, whatever the bound.
#[derive(Clone, Copy)]
pub struct Lanes<M> {
    limbs: Vectors,
    bound: Bound,
    kind: PhantomData<M>,
}

impl<M: Modulus> Lanes<M> {
    /// 0 in every lane.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    pub fn zero() -> Self {
        Self::with([_mm512_setzero_si512(); LIMBS], Bound::new(1))
    }

    /// 1 in every lane.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    pub fn one() -> Self {
        Self::everywhere(&M::ONE_52)
    }

    /// The same element in every lane, given in Montgomery form with R = 2^260. Requires a number below the modulus.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    pub fn splat(number: &Limbs) -> Self {
        Self::everywhere(&split(*number))
    }

    /// A constant in every lane. Bound 1.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    pub fn constant(constant: &Constant<M>) -> Self {
        Self::everywhere(constant.limbs())
    }

    /// The numbers as they are: elements in Montgomery form with R = 2^260, or, where only products with such elements follow, in any form.
    /// Requires numbers below the modulus. Bound 1.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    pub fn load(numbers: [&Limbs; COUNT]) -> Self {
        Self::with(unpack::<0>(numbers), Bound::new(1))
    }

    /// Elements in Montgomery form with R = 2^256. Requires numbers below the modulus. Costs no more than `load`, but the bound is 16.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    pub fn load_montgomery(numbers: [&Limbs; COUNT]) -> Self {
        Self::with(unpack::<4>(numbers), Bound::new(16))
    }

    /// The numbers as they are, below the modulus. Requires bound 2.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    pub fn store(self) -> [Limbs; COUNT] {
        pack(&self.reduce::<2>().limbs)
    }

    /// Elements in Montgomery form with R = 2^256, below the modulus. Costs a product.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    pub fn store_montgomery(self) -> [Limbs; COUNT] {
        self.multiply(&Self::everywhere(&M::TO_256)).store()
    }

    /// Sum; bounds add up, to 84 at most.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    pub fn add(&self, other: &Self) -> Self {
        let sum = std::array::from_fn(|place| _mm512_add_epi64(self.limbs[place], other.limbs[place]));
        Self::carried(sum, self.bound.plus(other.bound))
    }

    /// The elements twice.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    pub fn double(&self) -> Self {
        self.add(self)
    }

    /// Difference. Requires a bound of at most K of what is taken away; K is added to the bound.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    pub fn minus<const K: u32>(&self, other: &Self) -> Self {
        other.bound.require(K);
        let multiple = const { times(M::P, K as u64) };
        let difference =
            std::array::from_fn(|place| _mm512_sub_epi64(_mm512_add_epi64(self.limbs[place], splat(multiple[place])), other.limbs[place]));
        Self::carried(difference, self.bound.plus(Bound::new(K)))
    }

    /// The elements with their sign changed. Requires a bound of at most K, which is the result's.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    pub fn negate<const K: u32>(&self) -> Self {
        self.bound.require(K);
        let multiple = const { times(M::P, K as u64) };
        let difference = std::array::from_fn(|place| _mm512_sub_epi64(splat(multiple[place]), self.limbs[place]));
        // K p - 0 is K p itself, which is not below it.
        Self::carried(difference, Bound::new(K + 1))
    }

    /// Product, bound 2. Requires bounds whose product is at most 84.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    pub fn multiply(&self, other: &Self) -> Self {
        let mut product = Wide::zero();
        product.add_product(self, other);
        product.reduce()
    }

    /// Square, bound 2. Requires a bound of at most 9.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    pub fn square(&self) -> Self {
        Wide::square(self).reduce()
    }

    /// The same elements with bound 1. Requires a bound of at most K, a power of two.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    pub fn reduce<const K: u32>(&self) -> Self {
        const { assert!(K.is_power_of_two() && K <= MOST) };
        self.bound.require(K);
        let mut reduced = *self;
        let mut multiple = K / 2;
        while multiple > 0 {
            reduced = reduced.subtract_once(&times(M::P, u64::from(multiple)));
            multiple /= 2;
        }
        Self::with(reduced.limbs, Bound::new(1))
    }

    /// The same elements with half the bound. Requires a bound of at most K, an even number.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    pub fn halve<const K: u32>(&self) -> Self {
        const { assert!(K.is_multiple_of(2) && K <= MOST) };
        self.bound.require(K);
        let halved = self.subtract_once(const { &times(M::P, K as u64 / 2) });
        Self::with(halved.limbs, Bound::new(K / 2))
    }

    /// The same elements with bound 2, from any bound.
    ///
    /// Takes off as many multiples of the modulus as the highest limb, divided by one more than the modulus' own, shows: never too many, and at most
    /// one too few when what is left is hardly above the modulus.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    pub fn lower(&self) -> Self {
        let zero = _mm512_setzero_si512();
        let mut limbs = self.limbs;
        let estimate = _mm512_madd52hi_epu64(zero, limbs[LIMBS - 1], splat(M::QUOTIENT));
        let multiple = _mm512_srli_epi64::<45>(estimate);
        for (limb, factor) in limbs.iter_mut().zip(M::MINUS_P) {
            *limb = _mm512_madd52lo_epu64(*limb, multiple, splat(factor));
        }
        for place in 0..LIMBS - 1 {
            limbs[place + 1] = _mm512_madd52hi_epu64(limbs[place + 1], multiple, splat(M::MINUS_P[place]));
        }
        let mut limbs = carry(limbs);
        // Modulo 2^260.
        limbs[LIMBS - 1] = _mm512_and_si512(limbs[LIMBS - 1], splat(MASK));
        Self::with(limbs, Bound::new(2))
    }

    /// Lanes, from the lowest bit, that hold 0. Requires a bound of at most K, a power of two.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    pub fn is_zero<const K: u32>(&self) -> u8 {
        let [a, b, c, d, e] = self.reduce::<K>().limbs;
        let any = _mm512_or_si512(_mm512_or_si512(_mm512_or_si512(a, b), _mm512_or_si512(c, d)), e);
        _mm512_testn_epi64_mask(any, any)
    }

    /// `self` in the lanes of the mask, from the lowest bit, `other` in the rest.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    pub fn select(&self, mask: u8, other: &Self) -> Self {
        let limbs = std::array::from_fn(|place| _mm512_mask_blend_epi64(mask, other.limbs[place], self.limbs[place]));
        Self::with(limbs, self.bound.or(other.bound))
    }

    #[inline(always)]
    fn with(limbs: Vectors, bound: Bound) -> Self {
        Self { limbs, bound, kind: PhantomData }
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    fn everywhere(limbs: &Limbs52) -> Self {
        Self::with(std::array::from_fn(|place| splat(limbs[place])), Bound::new(1))
    }

    /// Limbs of 52 bits again, from limbs of up to 63 bits and a sign.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    fn carried(limbs: Vectors, bound: Bound) -> Self {
        Self::with(carry(limbs), bound)
    }

    /// Takes the multiple of the modulus from lanes that are not below it.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    fn subtract_once(&self, multiple: &Limbs52) -> Self {
        let difference = carry(std::array::from_fn(|place| _mm512_sub_epi64(self.limbs[place], splat(multiple[place]))));
        let below = _mm512_movepi64_mask(difference[LIMBS - 1]);
        self.select(below, &Self::with(difference, self.bound))
    }
}

/// The highest limb keeps the sign.
#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
fn carry(mut limbs: Vectors) -> Vectors {
    for place in 0..LIMBS - 1 {
        limbs[place + 1] = _mm512_add_epi64(limbs[place + 1], _mm512_srai_epi64::<BITS>(limbs[place]));
        limbs[place] = _mm512_and_si512(limbs[place], splat(MASK));
    }
    limbs
}

#[cfg(test)]
mod tests;
