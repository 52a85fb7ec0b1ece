//! Differences whose bound does not grow, for sums that are added to again and again.

use super::bound::Bound;
use super::constants::{BITS, LIMBS, LaneModulus, times};
use super::pack::{Vectors, splat};
use super::{Lanes, carry};
use crate::arithmetic::Modulus;
use std::arch::x86_64::*;

/// `settled` takes multiples up to this: beyond it the estimate is too far off.
const MOST_SETTLED: u32 = 16;

impl<M: Modulus> Lanes<M> {
    /// Difference, bound 2. Requires a bound of at most K of what is taken away, which with the other's is at most 16.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    pub fn minus_settled<const K: u32>(&self, other: &Self) -> Self {
        other.bound.require(K);
        self.bound.plus(Bound::new(K)).require(MOST_SETTLED);
        let multiple = const { times(M::P, K as u64) };
        settled(std::array::from_fn(|place| _mm512_sub_epi64(_mm512_add_epi64(self.limbs[place], splat(multiple[place])), other.limbs[place])))
    }

    /// Less another, and a third twice; K is at least the bound of the first and twice that of the second together; otherwise the same.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    pub fn minus_and_twice_settled<const K: u32>(&self, once: &Self, twice: &Self) -> Self {
        once.bound.plus(twice.bound).plus(twice.bound).require(K);
        self.bound.plus(Bound::new(K)).require(MOST_SETTLED);
        let multiple = const { times(M::P, K as u64) };
        settled(std::array::from_fn(|place| {
            let raised = _mm512_add_epi64(self.limbs[place], splat(multiple[place]));
            let lowered = _mm512_sub_epi64(raised, once.limbs[place]);
            _mm512_sub_epi64(lowered, _mm512_add_epi64(twice.limbs[place], twice.limbs[place]))
        }))
    }

    /// `-self` in the lanes of the mask, `self` in the rest, less another. Requires bounds that are together at most K, which is added to the bound.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    pub fn signed_minus<const K: u32>(&self, negative: u8, other: &Self) -> Self {
        self.bound.plus(other.bound).require(K);
        let multiple = const { times(M::P, K as u64) };
        let difference = std::array::from_fn(|place| {
            let raised = _mm512_sub_epi64(splat(multiple[place]), other.limbs[place]);
            _mm512_mask_sub_epi64(_mm512_add_epi64(raised, self.limbs[place]), negative, raised, self.limbs[place])
        });
        Self::carried(difference, self.bound.plus(Bound::new(K)))
    }

    /// The difference four times. Requires a bound of at most K of what is taken away; the result's bound is four times the sum of K and its own.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    pub fn minus_times_four<const K: u32>(&self, other: &Self) -> Self {
        other.bound.require(K);
        let multiple = const { times(M::P, K as u64) };
        let difference = std::array::from_fn(|place| {
            let raised = _mm512_add_epi64(self.limbs[place], splat(multiple[place]));
            _mm512_slli_epi64::<2>(_mm512_sub_epi64(raised, other.limbs[place]))
        });
        let bound = self.bound.plus(Bound::new(K));
        Self::carried(difference, bound.plus(bound).plus(bound).plus(bound))
    }
}

/// Less as many times the modulus as its highest limb tells: below twice the modulus. Requires a number below 16 times the modulus, its highest
/// limb not negative even before carries.
///
/// With v such a number, t its highest limb and p4 the modulus', the estimate is `t * floor(2^52 / (p4 + 1)) / 2^52`: at most v / p, and less by
/// at most a hundredth of it, and 1 for rounding. A carry that t lacks is a trifle against this hundredth.
#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
fn settled<M: Modulus>(limbs: Vectors) -> Lanes<M> {
    let factor = const { (1 << BITS) / (M::P[LIMBS - 1] + 1) };
    let multiple = _mm512_madd52hi_epu64(_mm512_setzero_si512(), limbs[LIMBS - 1], splat(factor));
    let less = std::array::from_fn(|place| _mm512_sub_epi64(limbs[place], _mm512_mullo_epi64(multiple, splat(M::P[place]))));
    Lanes::with(carry(less), Bound::new(2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arithmetic::{BaseField, Cpu, Limbs, Portable};
    use crate::field::{Element, Field};
    use crate::lanes::COUNT;
    use crate::testing::elements;

    type E = Element<BaseField, Portable>;

    /// With numbers as large as the bounds allow, and with equal ones.
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    fn settled_differences_agree() {
        let numbers: Vec<E> = elements::<BaseField>(1, 256).into_iter().map(E::from_montgomery).collect();
        for (place, &a) in numbers.iter().enumerate() {
            for shift in [0, 1, 8, 64, 120] {
                let others: [E; COUNT] = std::array::from_fn(|lane| numbers[(place + lane * shift) % numbers.len()]);
                let load = |of: &dyn Fn(usize) -> E| {
                    let limbs: [Limbs; COUNT] = std::array::from_fn(|lane| of(lane).montgomery());
                    Lanes::<BaseField>::load(limbs.each_ref())
                };
                let (x, y) = (load(&|_| a), load(&|lane| others[lane]));
                let agrees = |lanes: Lanes<BaseField>, expected: &dyn Fn(E) -> E| {
                    assert_eq!(lanes.store(), others.map(|other| expected(other).montgomery()));
                };
                let eight = |lanes: &Lanes<BaseField>| lanes.double().double().double();
                let times_eight = |element: E| element.double().double().double();
                agrees(x.minus_settled::<1>(&y), &|y| a - y);
                agrees(eight(&x).minus_settled::<8>(&eight(&y)), &|y| times_eight(a) - times_eight(y));
                agrees(eight(&x).minus_and_twice_settled::<7>(&x.double().add(&y), &y.double()), &|y| {
                    times_eight(a) - a.double() - y - y.double().double()
                });
                agrees(x.minus_times_four::<1>(&y).minus_settled::<1>(&x), &|y| (a - y).double().double() - a);
                agrees(x.signed_minus::<2>(0xff, &y).minus_settled::<1>(&x), &|y| -a - y - a);
                agrees(x.signed_minus::<2>(0, &y).minus_settled::<1>(&x), &|y| -y);
            }
        }
    }

    #[test]
    #[allow(unsafe_code)]
    fn settled_differences_are_differences() {
        if Cpu::Ifma.is_available() {
            // SAFETY: the processor has the features.
            unsafe { settled_differences_agree() }
        }
    }
}
