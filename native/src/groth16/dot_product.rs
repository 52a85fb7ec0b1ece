//! Sums of products of coefficients and wires, reduced once.

use crate::arithmetic::{Arithmetic, Limbs, Modulus, ScalarField, less_than};

const P: Limbs = ScalarField::LIMBS;

/// A sum below 2^512 that stands for the sum's value modulo the prime.
///
/// A product of two numbers below p is below 0.036 * 2^512, and twice p below 0.38 * 2^256: taking 2p off the upper half whenever its
/// highest bit is set keeps room for another product.
#[derive(Clone, Copy, Default)]
pub struct DotProduct {
    limbs: [u64; 8],
}

impl DotProduct {
    /// Adds `coefficient * wire`. Requires both below the modulus.
    #[inline(always)]
    pub fn add(&mut self, coefficient: &Limbs, wire: &Limbs) {
        // Most wires are bits, and most others short.
        if wire[1] | wire[2] | wire[3] == 0 {
            match wire[0] {
                0 => return,
                1 => self.add_at(0, coefficient, 0),
                short => self.add_product(0, coefficient, short),
            }
        } else {
            for (place, &limb) in wire.iter().enumerate() {
                self.add_product(place, coefficient, limb);
            }
        }
        if self.limbs[7] >> 63 == 1 {
            self.take_off_twice_the_prime();
        }
    }

    /// The sum divided by 2^256 modulo the prime, and 0 again in its place.
    #[inline(always)]
    pub fn take<A: Arithmetic>(&mut self) -> Limbs {
        let [lower, upper] = self.halves();
        if lower == [0; 4] && upper == [0; 4] {
            return lower;
        }
        *self = Self::default();
        // upper * 2^256 / 2^256 + lower / 2^256
        let lower = A::multiply::<ScalarField>(&reduce(lower), &[1, 0, 0, 0]);
        let upper = reduce(upper);
        reduce(sum(&upper, &lower))
    }

    fn halves(&self) -> [Limbs; 2] {
        let [a, b, c, d, e, f, g, h] = self.limbs;
        [[a, b, c, d], [e, f, g, h]]
    }

    /// Adds `coefficient * limb * 2^(64 place)`.
    #[inline(always)]
    fn add_product(&mut self, place: usize, coefficient: &Limbs, limb: u64) {
        let mut high = 0;
        let mut product = [0; 4];
        for (part, &of) in product.iter_mut().zip(coefficient) {
            let wide = u128::from(of) * u128::from(limb) + u128::from(high);
            (*part, high) = (wide as u64, (wide >> 64) as u64);
        }
        self.add_at(place, &product, high);
    }

    /// Adds `(number + high * 2^256) * 2^(64 place)`.
    #[inline(always)]
    fn add_at(&mut self, place: usize, number: &Limbs, high: u64) {
        let mut carry = false;
        for (limb, &other) in self.limbs[place..].iter_mut().zip(number.iter().chain([&high])) {
            let (first, over) = limb.overflowing_add(other);
            let (second, over_again) = first.overflowing_add(u64::from(carry));
            (*limb, carry) = (second, over | over_again);
        }
        for limb in self.limbs.iter_mut().skip(place + 5) {
            let (next, over) = limb.overflowing_add(u64::from(carry));
            (*limb, carry) = (next, over);
        }
    }

    #[cold]
    fn take_off_twice_the_prime(&mut self) {
        let [_, upper] = self.halves();
        self.limbs[4..].copy_from_slice(&difference(&difference(&upper, &P), &P));
    }
}

/// Modulo the prime. Of any number of 256 bits: at most five times.
#[inline(always)]
fn reduce(mut number: Limbs) -> Limbs {
    while !less_than(&number, &P) {
        number = difference(&number, &P);
    }
    number
}

fn sum(a: &Limbs, b: &Limbs) -> Limbs {
    crate::arithmetic::portable_add(a, b)
}

fn difference(a: &Limbs, b: &Limbs) -> Limbs {
    crate::arithmetic::portable_subtract(a, b).0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arithmetic::Portable;
    use crate::field::Fr;

    fn number(limbs: &Limbs) -> Fr<Portable> {
        Fr::from_canonical(limbs).unwrap()
    }

    #[test]
    fn is_the_sum_of_the_products_divided_by_the_radix() {
        let largest = difference(&P, &[1, 0, 0, 0]);
        let wires = [[0; 4], [1, 0, 0, 0], [u64::MAX, 0, 0, 0], [0, 1, 0, 0], largest, [5, 0, 0, 1]];
        let coefficients = [largest, [1, 0, 0, 0], [0; 4], [7, 7, 7, 7]];
        let mut sum = DotProduct::default();
        let mut expected = Fr::<Portable>::ZERO;
        for turn in 0..200 {
            let (coefficient, wire) = (coefficients[turn / 2 % 4], wires[turn % 6]);
            sum.add(&coefficient, &wire);
            expected = expected + number(&coefficient) * number(&wire);
        }
        // A canonical number divided by the radix is its Montgomery form divided by the radix twice.
        let divided = Portable::multiply::<ScalarField>(&expected.canonical(), &[1, 0, 0, 0]);
        assert_eq!(sum.take::<Portable>(), divided);
        assert_eq!(sum.take::<Portable>(), [0; 4]);
    }

    #[test]
    fn takes_any_number_of_the_largest_products() {
        let largest = difference(&P, &[1, 0, 0, 0]);
        let mut sum = DotProduct::default();
        for _ in 0..1000 {
            sum.add(&largest, &largest);
        }
        // (-1)(-1) each
        assert_eq!(sum.take::<Portable>(), Portable::multiply::<ScalarField>(&[1000, 0, 0, 0], &[1, 0, 0, 0]));
    }
}
