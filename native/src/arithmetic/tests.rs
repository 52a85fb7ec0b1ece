use super::*;
use crate::testing::{Random, edges, elements};

/// Most of the value is in the highest limb's carries, so that edges meet one another too.
#[cfg(target_arch = "x86_64")]
fn adx_agrees_with_portable<M: Modulus>() {
    let edges = edges::<M>();
    let mut random = Random::new(1);
    let pairs = edges.iter().flat_map(|a| edges.iter().map(move |b| (*a, *b)));
    let drawn = (0..100_000).map(|_| (random.element::<M>(), random.element::<M>()));
    for (a, b) in pairs.chain(drawn) {
        assert_eq!(Adx::multiply::<M>(&a, &b), Portable::multiply::<M>(&a, &b), "{a:x?} * {b:x?}");
        assert_eq!(Adx::square::<M>(&a), Portable::multiply::<M>(&a, &a), "{a:x?}^2");
    }
}

#[test]
#[cfg(target_arch = "x86_64")]
fn adx_multiplies_as_portable_arithmetic_does() {
    if Cpu::Adx.is_available() {
        adx_agrees_with_portable::<ScalarField>();
        adx_agrees_with_portable::<BaseField>();
    }
}

/// `a * b mod p` by doubling and adding: slow, and without a product.
fn schoolbook<M: Modulus>(a: &Limbs, b: &Limbs) -> Limbs {
    let mut sum = [0; 4];
    for bit in (0..256).rev() {
        sum = reduce_once::<M>(&portable_add(&sum, &sum));
        if b[bit / 64] >> (bit % 64) & 1 == 1 {
            sum = reduce_once::<M>(&portable_add(&sum, a));
        }
    }
    sum
}

fn products_are_products<M: Modulus>() {
    let numbers = elements::<M>(3, 64);
    for a in &numbers {
        for b in &numbers {
            let product = Portable::multiply::<M>(a, b);
            assert!(less_than(&product, &M::LIMBS));
            // product = a * b / R
            assert_eq!(schoolbook::<M>(&product, &M::ONE), schoolbook::<M>(a, b));
        }
    }
}

#[test]
fn portable_products_are_reduced_and_right() {
    products_are_products::<ScalarField>();
    products_are_products::<BaseField>();
}

fn constants_fit<M: Modulus>() {
    assert_eq!(M::LIMBS[0].wrapping_mul(M::NEGATIVE_INVERSE), u64::MAX);
    assert!(M::LIMBS[3] < 1 << 62);
    assert_eq!(Portable::multiply::<M>(&[1, 0, 0, 0], &M::SQUARED_RADIX), M::ONE);
    assert_eq!(Portable::multiply::<M>(&[1, 0, 0, 0], &M::ONE), [1, 0, 0, 0]);
}

#[test]
fn constants_of_the_moduli_fit() {
    constants_fit::<ScalarField>();
    constants_fit::<BaseField>();
}

#[test]
fn comparing_adding_and_subtracting_agree() {
    let mut random = Random::new(4);
    for _ in 0..10_000 {
        let (mut a, b) = (random.limbs(), random.limbs());
        let equal = random.below(4);
        a[equal..].copy_from_slice(&b[equal..]);
        let (difference, borrow) = portable_subtract(&a, &b);
        assert_eq!(borrow, less_than(&a, &b));
        assert_eq!(portable_add(&difference, &b), a);
    }
    assert!(!less_than(&[7; 4], &[7; 4]));
}

#[test]
fn names_of_processors_are_read_as_they_are_written() {
    for cpu in Cpu::ALL {
        assert_eq!(cpu.to_string().parse(), Ok(cpu));
    }
    assert!("avx2".parse::<Cpu>().is_err());
    assert!(Cpu::detect().is_available());
    assert!(Cpu::ALL.iter().all(|&cpu| cpu <= Cpu::detect() || !cpu.is_available()));
}
