//! For every processor: 64-bit products from the language alone.

use super::{Arithmetic, Limbs, Modulus};

/// 64-bit products as the compiler makes them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Portable;

impl Arithmetic for Portable {
    /// Limb by limb, product and reduction together. The highest limb of both primes is below 2^62, so that the sum of both carries
    /// fits in a limb and the result is below twice the prime.
    #[inline(always)]
    fn multiply<M: Modulus>(a: &Limbs, b: &Limbs) -> Limbs {
        let p = &M::LIMBS;
        let mut t = [0u64; 4];
        for &factor in b {
            let (low, mut carry) = multiply_add(a[0], factor, t[0], 0);
            let quotient = low.wrapping_mul(M::NEGATIVE_INVERSE);
            let (_, mut reduced_carry) = multiply_add(quotient, p[0], low, 0);
            for place in 1..4 {
                let (sum, next) = multiply_add(a[place], factor, t[place], carry);
                carry = next;
                let (reduced, next) = multiply_add(quotient, p[place], sum, reduced_carry);
                reduced_carry = next;
                t[place - 1] = reduced;
            }
            t[3] = carry + reduced_carry;
        }
        reduce_once::<M>(&t)
    }
}

/// `a * b + c + d` as (low, high).
#[inline(always)]
fn multiply_add(a: u64, b: u64, c: u64, d: u64) -> (u64, u64) {
    let wide = u128::from(a) * u128::from(b) + u128::from(c) + u128::from(d);
    (wide as u64, (wide >> 64) as u64)
}

/// The value modulo p of a number below 2p.
#[inline(always)]
pub(crate) fn reduce_once<M: Modulus>(value: &Limbs) -> Limbs {
    let (reduced, borrow) = subtract(value, &M::LIMBS);
    // Without a branch: which way it goes cannot be foreseen.
    let mask = 0u64.wrapping_sub(u64::from(borrow));
    std::array::from_fn(|place| value[place] & mask | reduced[place] & !mask)
}

/// a + b modulo 2^256.
#[inline(always)]
pub(crate) fn add(a: &Limbs, b: &Limbs) -> Limbs {
    let mut sum = [0; 4];
    let mut carry = 0;
    for place in 0..4 {
        let wide = u128::from(a[place]) + u128::from(b[place]) + carry;
        sum[place] = wide as u64;
        carry = wide >> 64;
    }
    sum
}

/// a - b modulo 2^256, and whether a < b.
#[inline(always)]
pub(crate) fn subtract(a: &Limbs, b: &Limbs) -> (Limbs, bool) {
    let mut difference = [0; 4];
    let mut borrow = 0;
    for place in 0..4 {
        let wide = u128::from(a[place]).wrapping_sub(u128::from(b[place])).wrapping_sub(borrow);
        difference[place] = wide as u64;
        borrow = wide >> 127;
    }
    (difference, borrow == 1)
}
