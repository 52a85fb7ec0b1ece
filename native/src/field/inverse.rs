//! Inverses by the extended Euclidean algorithm on binary digits, thirty-one steps at a time on approximations: T. Pornin, "Optimized Binary
//! GCD for Modular Inversion" (2020).

use crate::arithmetic::{Limbs, Modulus, portable_add, portable_subtract, reduce_once};

/// Steps between two exact updates: the factors that they leave fit in 32 bits.
const STEPS: u32 = 31;
const LOW: u64 = (1 << STEPS) - 1;
/// Brings both halves of packed factors, from -(2^31 - 1) to 2^31, above zero.
const RAISED: u64 = 0x7fff_ffff_7fff_ffff;

/// Factors f and g of `f a + g b`.
type Factors = [i64; 2];

/// `1 / value mod p`; `None` of 0. Requires a value below the modulus.
pub(super) fn inverse<M: Modulus>(value: &Limbs) -> Option<Limbs> {
    let (mut a, mut b) = (*value, M::LIMBS);
    // From here on a = u * value and b = v * value, modulo p, and b is odd.
    let (mut u, mut v): (Limbs, Limbs) = ([1, 0, 0, 0], [0; 4]);
    while a != [0; 4] {
        let [to_a, to_b] = factors(&a, &b);
        let ((next_a, to_a), (next_b, to_b)) = (positive(&a, &b, to_a), positive(&a, &b, to_b));
        (u, v) = (modular::<M>(&u, &v, to_a), modular::<M>(&u, &v, to_b));
        (a, b) = (next_a, next_b);
    }
    // A greatest common divisor, which is 1 or of 0 the prime itself.
    (b == [1, 0, 0, 0]).then_some(v)
}

/// Factors with which both sums are 2^31 times the next a and b, up to a sign, from the lowest 31 and the highest 33 bits. Which way a step goes
/// cannot be foreseen, so there are no branches, and both factors are updated as one number.
#[inline(always)]
fn factors(a: &Limbs, b: &Limbs) -> [Factors; 2] {
    let (mut x, mut y) = approximations(a, b);
    let (mut to_x, mut to_y) = (1u64, 1u64 << 32);
    for _ in 0..STEPS {
        let odd = (x & 1).wrapping_neg();
        let swapped = u64::from(x < y).wrapping_neg() & odd;
        let (between, factors_between) = ((x ^ y) & swapped, (to_x ^ to_y) & swapped);
        (x, y) = (x ^ between, y ^ between);
        (to_x, to_y) = (to_x ^ factors_between, to_y ^ factors_between);
        x = (x - (y & odd)) >> 1;
        to_x = to_x.wrapping_sub(to_y & odd);
        to_y <<= 1;
    }
    [to_x, to_y].map(|packed| {
        let raised = packed.wrapping_add(RAISED);
        [(raised & 0xffff_ffff) as i64 - LOW as i64, (raised >> 32) as i64 - LOW as i64]
    })
}

#[inline(always)]
fn approximations(a: &Limbs, b: &Limbs) -> (u64, u64) {
    let highest = (1..4).rev().find(|&place| a[place] | b[place] != 0);
    let Some(highest) = highest else {
        return (a[0], b[0]);
    };
    let unused = (a[highest] | b[highest]).leading_zeros();
    let approximation = |number: &Limbs| {
        let wide = u128::from(number[highest]) << 64 | u128::from(number[highest - 1]);
        let high = (wide << unused >> 64) as u64;
        high & !LOW | number[0] & LOW
    };
    (approximation(a), approximation(b))
}

/// `f a + g b`, five limbs with a sign.
#[inline(always)]
fn combine(a: &Limbs, b: &Limbs, [f, g]: Factors) -> [u64; 5] {
    let mut sum = [0; 5];
    let mut carry = 0i128;
    for place in 0..4 {
        carry += i128::from(a[place]) * i128::from(f) + i128::from(b[place]) * i128::from(g);
        sum[place] = carry as u64;
        carry >>= 64;
    }
    sum[4] = carry as u64;
    sum
}

/// Divided by 2^31; what is beyond 2^256 is in the sign only.
#[inline(always)]
fn shifted(sum: &[u64; 5]) -> Limbs {
    std::array::from_fn(|place| sum[place] >> STEPS | sum[place + 1] << (64 - STEPS))
}

/// `(f a + g b) / 2^31` without its sign, and factors that give it so.
#[inline(always)]
fn positive(a: &Limbs, b: &Limbs, factors: Factors) -> (Limbs, Factors) {
    let sum = combine(a, b, factors);
    let quotient = shifted(&sum);
    if (sum[4] as i64) < 0 { (portable_subtract(&[0; 4], &quotient).0, factors.map(|factor| -factor)) } else { (quotient, factors) }
}

/// `(f u + g v) / 2^31 mod p`, with |f| + |g| at most 2^31.
#[inline(always)]
fn modular<M: Modulus>(u: &Limbs, v: &Limbs, factors: Factors) -> Limbs {
    let mut sum = combine(u, v, factors);
    // So many times the modulus make it a multiple of 2^31.
    let multiple = sum[0].wrapping_mul(M::NEGATIVE_INVERSE) & LOW;
    let mut carry = 0u128;
    for (limb, modulus) in sum.iter_mut().zip(M::LIMBS) {
        carry += u128::from(*limb) + u128::from(multiple) * u128::from(modulus);
        *limb = carry as u64;
        carry >>= 64;
    }
    sum[4] = sum[4].wrapping_add(carry as u64);
    let quotient = shifted(&sum);
    // From -p to 2p.
    if (sum[4] as i64) < 0 { portable_add(&quotient, &M::LIMBS) } else { reduce_once::<M>(&quotient) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arithmetic::{BaseField, Portable, ScalarField};
    use crate::field::Element;
    use crate::testing::elements;

    fn undone_by_a_product<M: Modulus>() {
        for number in elements::<M>(1, 2000) {
            let inverse = inverse::<M>(&number);
            if number == [0; 4] {
                assert_eq!(inverse, None);
                continue;
            }
            let element = |limbs: &Limbs| Element::<M, Portable>::from_canonical(limbs).expect("below the modulus");
            assert_eq!(element(&number) * element(&inverse.expect("not 0")), Element::ONE);
        }
    }

    #[test]
    fn a_number_times_its_inverse_is_1() {
        undone_by_a_product::<ScalarField>();
        undone_by_a_product::<BaseField>();
    }
}
