//! What the eight lanes need to know of a modulus, in 52-bit limbs, computed when this is compiled.

use crate::arithmetic::{Arithmetic, Limbs, Modulus, Portable, power_of_two};
use std::marker::PhantomData;

/// Limbs of one lane.
pub const LIMBS: usize = 5;
/// Bits of one limb.
pub const BITS: u32 = 52;
/// A full limb.
pub const MASK: u64 = (1 << BITS) - 1;

/// A number below 2^260, lowest limb first.
pub type Limbs52 = [u64; LIMBS];

/// Constants of a modulus p, for R = 2^260.
pub trait LaneModulus: Modulus {
    /// p
    const P: Limbs52 = split(Self::LIMBS);
    /// `-p^-1 mod 2^52`
    const NEGATIVE_INVERSE_52: u64 = Self::NEGATIVE_INVERSE & MASK;
    /// `2^-52 mod p`
    const FOLD: Limbs52 = split(half_power(Self::LIMBS, BITS));
    /// `2^260 - p`
    const MINUS_P: Limbs52 = complement(Self::P);
    /// 2^97 divided by one more than the highest limb, rounded down.
    const QUOTIENT: u64 = ((1 << 97) / (Self::P[LIMBS - 1] as u128 + 1)) as u64;
    /// `2^260 mod p`: 1 in this form.
    const ONE_52: Limbs52 = split(power_of_two(Self::LIMBS, 260));
    /// `2^256 mod p`: a product with it leads back to R = 2^256.
    const TO_256: Limbs52 = split(Self::ONE);
}

impl<M: Modulus> LaneModulus for M {}

/// An element that is the same in all lanes, ready to be used.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Constant<M> {
    limbs: Limbs52,
    kind: PhantomData<M>,
}

impl<M: Modulus> Constant<M> {
    /// A product with it brings canonical numbers into Montgomery form with R = 2^260.
    pub const ENTER: Self = Self::with(split(power_of_two(M::LIMBS, 520)));
    /// A product with it leads back to canonical numbers.
    pub const LEAVE: Self = Self::with([1, 0, 0, 0, 0]);

    /// From an element in Montgomery form with R = 2^256.
    pub fn new(montgomery: &Limbs) -> Self {
        Self::with(split(Portable::multiply::<M>(montgomery, &const { power_of_two(M::LIMBS, 260) })))
    }

    /// Its limbs.
    #[inline(always)]
    pub(super) const fn limbs(&self) -> &Limbs52 {
        &self.limbs
    }

    const fn with(limbs: Limbs52) -> Self {
        Self { limbs, kind: PhantomData }
    }
}

/// A 256-bit number in limbs of 52 bits.
pub const fn split(limbs: Limbs) -> Limbs52 {
    let [a, b, c, d] = limbs;
    [a & MASK, (a >> 52 | b << 12) & MASK, (b >> 40 | c << 24) & MASK, (c >> 28 | d << 36) & MASK, d >> 16]
}

/// `2^-exponent` modulo a modulus below 2^255.
const fn half_power(modulus: Limbs, exponent: u32) -> Limbs {
    let mut value = [1, 0, 0, 0];
    let mut step = 0;
    while step < exponent {
        let odd = value[0] & 1;
        let mut carry = 0u128;
        let mut place = 0;
        while place < 4 {
            // An odd number becomes even by adding the modulus.
            let wide = value[place] as u128 + (modulus[place] * odd) as u128 + carry;
            value[place] = wide as u64;
            carry = wide >> 64;
            place += 1;
        }
        value = [value[0] >> 1 | value[1] << 63, value[1] >> 1 | value[2] << 63, value[2] >> 1 | value[3] << 63, value[3] >> 1];
        step += 1;
    }
    value
}

/// A number times a small one. Requires a product below 2^260.
pub const fn times(limbs: Limbs52, factor: u64) -> Limbs52 {
    let mut product = [0; LIMBS];
    let mut carry = 0u128;
    let mut place = 0;
    while place < LIMBS {
        let wide = limbs[place] as u128 * factor as u128 + carry;
        product[place] = wide as u64 & MASK;
        carry = wide >> BITS;
        place += 1;
    }
    assert!(carry == 0);
    product
}

/// 2^260 less a number. Requires a number whose lowest limb is not 0.
const fn complement(limbs: Limbs52) -> Limbs52 {
    let mut inverted = [0; LIMBS];
    let mut place = 0;
    while place < LIMBS {
        inverted[place] = limbs[place] ^ MASK;
        place += 1;
    }
    inverted[0] += 1;
    inverted
}
