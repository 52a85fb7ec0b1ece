use super::*;
use crate::arithmetic::{Modulus, ScalarField};
use crate::field::{Field, Fr};
use crate::testing::elements;

type F = Fr<Portable>;

fn root_of_order(length: usize) -> F {
    // 5^((p - 1) / length)
    let mut exponent = ScalarField::LIMBS;
    exponent[0] -= 1;
    for _ in 0..length.ilog2() {
        for place in 0..4 {
            exponent[place] = exponent[place] >> 1 | if place < 3 { exponent[place + 1] << 63 } else { 0 };
        }
    }
    F::from_u64(5).pow(&exponent)
}

fn evaluate(coefficients: &[F], at: F) -> F {
    coefficients.iter().rev().fold(F::ZERO, |value, coefficient| value * at + *coefficient)
}

/// By definition: every coefficient as a sum, every value by Horner's rule.
fn slow(a: &[F], b: &[F]) -> Vec<Limbs> {
    let length = a.len();
    let root = root_of_order(length);
    let odd = root_of_order(2 * length);
    let inverse = F::from_u64(length as u64).invert().unwrap();
    let c: Vec<F> = a.iter().zip(b).map(|(a, b)| *a * *b).collect();
    let coset = [a, b, &c].map(|values| {
        let coefficients: Vec<F> = (0..length).map(|degree| evaluate(values, root.invert().unwrap().pow(&[degree as u64])) * inverse).collect();
        (0..length).map(|place| evaluate(&coefficients, odd.pow(&[2 * place as u64 + 1]))).collect::<Vec<F>>()
    });
    (0..length).map(|place| (coset[0][place] * coset[1][place] - coset[2][place]).canonical()).collect()
}

fn secret(values: &[F]) -> Secret<Limbs> {
    let mut secret = Secret::zeros(values.len());
    secret.iter_mut().zip(values).for_each(|(limbs, value)| *limbs = value.montgomery());
    secret
}

#[test]
fn is_the_definition_at_every_small_length_with_every_arithmetic() {
    for power in 0..10 {
        let values: Vec<F> = elements::<ScalarField>(power, 2 << power).into_iter().map(F::from_montgomery).collect();
        let (a, b) = values.split_at(1 << power);
        let expected = slow(a, b);
        for cpu in Cpu::ALL.into_iter().filter(|cpu| cpu.is_available()) {
            for workers in [1, 3] {
                assert_eq!(quotient(cpu, &Workers::new(workers), secret(a), secret(b))[..], expected, "{cpu}, {workers} threads, 2^{power}");
            }
        }
    }
}

/// A polynomial of low degree is its own quotient's check: with A = x^i and B = x^j of degrees whose sum is below the length, A B - C is 0.
#[test]
fn vanishes_where_the_product_has_no_high_part() {
    let length = 1 << 13;
    let root = root_of_order(length);
    let powers = |exponent: u64| (0..length as u64).map(|place| root.pow(&[exponent * place])).collect::<Vec<F>>();
    let (a, b) = (powers(5), powers(length as u64 - 6));
    for cpu in Cpu::ALL.into_iter().filter(|cpu| cpu.is_available()) {
        assert!(quotient(cpu, &Workers::new(2), secret(&a), secret(&b)).iter().all(|limbs| *limbs == [0; 4]));
    }
    // One more, and x^n = -1 on the coset where it is 1 on the domain: -2.
    let c = powers(length as u64 - 5);
    let mut minus_two = ScalarField::LIMBS;
    minus_two[0] -= 2;
    for cpu in Cpu::ALL.into_iter().filter(|cpu| cpu.is_available()) {
        assert!(quotient(cpu, &Workers::new(2), secret(&a), secret(&c)).iter().all(|limbs| *limbs == minus_two));
    }
}
