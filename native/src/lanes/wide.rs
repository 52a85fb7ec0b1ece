//! Sums of products that are reduced once.

use super::Lanes;
use super::bound::Bound;
use super::constants::{BITS, LIMBS, LaneModulus, Limbs52, MASK};
use super::pack::splat;
use crate::arithmetic::Modulus;
use std::arch::x86_64::*;
use std::marker::PhantomData;

/// A sum of products, in ten columns of 2^52. One product adds at most nine halves of 52 bits to a column, so that more than 400 fit; the bound,
/// in squares of the modulus, allows fewer: 84.
#[derive(Clone, Copy)]
pub struct Wide<M> {
    columns: [__m512i; 2 * LIMBS],
    bound: Bound,
    /// Of what is there already times R.
    start: Bound,
    kind: PhantomData<M>,
}

impl<M: Modulus> Wide<M> {
    /// A sum without terms.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    pub fn zero() -> Self {
        Self { columns: [_mm512_setzero_si512(); 2 * LIMBS], bound: Bound::NOTHING, start: Bound::NOTHING, kind: PhantomData }
    }

    /// A sum without products, to which, once it is reduced, elements are added: their bound is added to the result's.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    pub fn starting_with(elements: &Lanes<M>) -> Self {
        let mut sum = Self::zero();
        sum.columns[LIMBS..].copy_from_slice(&elements.limbs);
        sum.start = elements.bound;
        sum
    }

    /// Adds a product.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    pub fn add_product(&mut self, a: &Lanes<M>, b: &Lanes<M>) {
        self.bound = self.bound.plus(a.bound.times(b.bound));
        let t = &mut self.columns;
        for i in 0..LIMBS {
            for j in 0..LIMBS {
                t[i + j] = _mm512_madd52lo_epu64(t[i + j], a.limbs[j], b.limbs[i]);
            }
            for j in 0..LIMBS {
                t[i + j + 1] = _mm512_madd52hi_epu64(t[i + j + 1], a.limbs[j], b.limbs[i]);
            }
        }
    }

    /// A square.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    pub fn square(a: &Lanes<M>) -> Self {
        let mut t = [_mm512_setzero_si512(); 2 * LIMBS];
        for i in 0..LIMBS {
            for j in i + 1..LIMBS {
                t[i + j] = _mm512_madd52lo_epu64(t[i + j], a.limbs[i], a.limbs[j]);
                t[i + j + 1] = _mm512_madd52hi_epu64(t[i + j + 1], a.limbs[i], a.limbs[j]);
            }
        }
        for column in &mut t[1..2 * LIMBS - 1] {
            *column = _mm512_add_epi64(*column, *column);
        }
        for i in 0..LIMBS {
            t[2 * i] = _mm512_madd52lo_epu64(t[2 * i], a.limbs[i], a.limbs[i]);
            t[2 * i + 1] = _mm512_madd52hi_epu64(t[2 * i + 1], a.limbs[i], a.limbs[i]);
        }
        Self { columns: t, bound: a.bound.times(a.bound), start: Bound::NOTHING, kind: PhantomData }
    }

    /// The sum divided by R, below twice the modulus and what it started with.
    ///
    /// Limb by limb from the lowest. Three are folded: t0 + 2^52 h, divided by 2^52, is h + t0 * (2^-52 mod p). What that leaves above the
    /// modulus, up to 2^52 p, the last two steps divide by 2^104. These are Montgomery's, a product more each: they add the multiple of p that
    /// makes the limb 0.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    pub fn reduce(self) -> Lanes<M> {
        let mut t = self.columns;
        let zero = _mm512_setzero_si512();
        for i in 0..FOLDED {
            let lowest = _mm512_and_si512(t[i], splat(MASK));
            t[i + 1] = _mm512_add_epi64(t[i + 1], _mm512_srli_epi64::<BITS>(t[i]));
            add_multiple::<0>(&mut t[i + 1..], lowest, &M::FOLD);
        }
        for i in FOLDED..LIMBS {
            let quotient = _mm512_madd52lo_epu64(zero, t[i], splat(M::NEGATIVE_INVERSE_52));
            // The lowest limb becomes 0, so that it carries one more unless it was.
            let carried = _mm512_srli_epi64::<BITS>(_mm512_add_epi64(t[i], splat(MASK)));
            add_multiple::<1>(&mut t[i..], quotient, &M::P);
            t[i + 1] = _mm512_add_epi64(t[i + 1], carried);
        }
        Lanes::carried([t[5], t[6], t[7], t[8], t[9]], self.start.plus(Bound::new(2)))
    }
}

/// Limbs that are folded, of five.
const FOLDED: usize = 3;

/// The lower half of the product with the limbs before FROM is left out.
#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
fn add_multiple<const FROM: usize>(columns: &mut [__m512i], factor: __m512i, limbs: &Limbs52) {
    for j in FROM..LIMBS {
        columns[j] = _mm512_madd52lo_epu64(columns[j], factor, splat(limbs[j]));
    }
    for j in 0..LIMBS {
        columns[j + 1] = _mm512_madd52hi_epu64(columns[j + 1], factor, splat(limbs[j]));
    }
}
