use super::*;
use crate::arithmetic::{Arithmetic, Modulus, Portable};
use crate::testing::{edges, elements, number, vectors};

fn element<M: Modulus, A: Arithmetic>(digits: &str) -> Element<M, A> {
    Element::from_canonical(&number(digits)).expect("below the modulus")
}

fn agrees<M: Modulus, A: Arithmetic>(line: &[&str]) {
    let a = element::<M, A>(line[2]);
    let result = *line.last().expect("a result");
    assert_eq!(a.canonical(), number(line[2]));
    if line[1] == "montgomery" {
        assert_eq!(a.montgomery(), number(result));
        return;
    }
    let computed = match line[1] {
        "inv" => a.invert().expect("not 0"),
        "mul" => a * element(line[3]),
        "add" => a + element(line[3]),
        "sub" => a - element(line[3]),
        unknown => panic!("no operation {unknown}"),
    };
    assert_eq!(computed.canonical(), number(result), "{line:?}");
}

fn agrees_on_all_vectors<A: Arithmetic>() {
    let mut seen = 0;
    for line in vectors(include_str!("../../tests/vectors/field.txt")) {
        match line[0] {
            "r" => agrees::<ScalarField, A>(&line),
            "q" => agrees::<BaseField, A>(&line),
            unknown => panic!("no field {unknown}"),
        }
        seen += 1;
    }
    assert_eq!(seen, 138);
}

#[test]
fn fields_agree_with_what_snarkjs_computes_with() {
    for_each_arithmetic!(agrees_on_all_vectors);
}

/// The axioms of a field on every three of the elements.
fn laws<F: Field>(elements: &[F]) {
    for &a in elements {
        assert_eq!(a + F::ZERO, a);
        assert_eq!(a * F::ONE, a);
        assert_eq!(a + -a, F::ZERO);
        assert_eq!(a.double(), a + a);
        assert_eq!(a.square(), a * a);
        match a.invert() {
            Some(inverse) => assert_eq!(a * inverse, F::ONE),
            None => assert!(a.is_zero()),
        }
        for &b in elements {
            assert_eq!(a + b, b + a);
            assert_eq!(a * b, b * a);
            assert_eq!(a - b + b, a);
            assert_eq!(-(a - b), b - a);
            assert_eq!((a * b).is_zero(), a.is_zero() || b.is_zero());
            for &c in &elements[..elements.len().min(12)] {
                assert_eq!(a + b + c, a + (b + c));
                assert_eq!(a * b * c, a * (b * c));
                assert_eq!((a + b) * c, a * c + b * c);
            }
        }
    }
}

fn prime_field<M: Modulus, A: Arithmetic>() -> Vec<Element<M, A>> {
    elements::<M>(5, 60).into_iter().map(Element::from_montgomery).collect()
}

fn quadratic_field<A: Arithmetic>() -> Vec<Fq2<A>> {
    let parts = prime_field::<BaseField, A>();
    (0..48).map(|place| Quadratic::new(parts[place * 7 % 60], parts[place * place % 60])).chain([Fq2::ZERO, Fq2::ONE]).collect()
}

fn fields_are_fields<A: Arithmetic>() {
    laws(&prime_field::<ScalarField, A>());
    laws(&prime_field::<BaseField, A>());
    laws(&quadratic_field::<A>());
    let u = Fq2::<A>::new(Fq::ZERO, Fq::ONE);
    assert_eq!(u.square(), -Fq2::ONE);
}

#[test]
fn fields_keep_the_laws() {
    for_each_arithmetic!(fields_are_fields);
}

fn encodes<M: Modulus>() {
    for limbs in edges::<M>() {
        let element = Element::<M, Portable>::from_canonical(&limbs).expect("below the modulus");
        assert_eq!(element.canonical(), limbs);
        let bytes: Vec<u8> = element.montgomery().iter().flat_map(|limb| limb.to_le_bytes()).collect();
        assert_eq!(Element::from_montgomery_bytes(&bytes), Some(element));
        assert_eq!(Element::from_checked_bytes(&bytes), element);
    }
    let p = M::LIMBS;
    for beyond in [p, [p[0] + 1, p[1], p[2], p[3]], [0, 0, 0, 1 << 62], [u64::MAX; 4]] {
        assert_eq!(Element::<M, Portable>::from_canonical(&beyond), None);
        let bytes: Vec<u8> = beyond.iter().flat_map(|limb| limb.to_le_bytes()).collect();
        assert_eq!(Element::<M, Portable>::from_montgomery_bytes(&bytes), None);
    }
}

#[test]
fn numbers_beyond_the_modulus_are_no_elements() {
    encodes::<ScalarField>();
    encodes::<BaseField>();
}

#[test]
fn a_quadratic_element_needs_both_parts_below_the_modulus() {
    let bytes = |limbs: [u64; 8]| limbs.iter().flat_map(|limb| limb.to_le_bytes()).collect::<Vec<u8>>();
    let [a, b, c, d] = BaseField::LIMBS;
    assert!(Fq2::<Portable>::from_montgomery_bytes(&bytes([a - 1, b, c, d, a - 1, b, c, d])).is_some());
    assert_eq!(Fq2::<Portable>::from_montgomery_bytes(&bytes([a, b, c, d, 0, 0, 0, 0])), None);
    assert_eq!(Fq2::<Portable>::from_montgomery_bytes(&bytes([0, 0, 0, 0, a, b, c, d])), None);
}

#[test]
fn inverting_in_a_batch_is_inverting_one_by_one() {
    let elements = quadratic_field::<Portable>();
    for count in [0, 1, 2, elements.len()] {
        let mut inverted = elements[..count].to_vec();
        batch_invert(&mut inverted);
        for (element, inverse) in elements.iter().zip(inverted) {
            assert_eq!(inverse, element.invert().unwrap_or(Fq2::ZERO));
        }
    }
    let mut zeros = [Fq::<Portable>::ZERO; 3];
    batch_invert(&mut zeros);
    assert_eq!(zeros, [Fq::ZERO; 3]);
}

#[test]
fn powers_multiply() {
    let base = Fr::<Portable>::from_u64(3);
    assert_eq!(base.pow(&[]), Fr::ONE);
    assert_eq!(base.pow(&[0, 0]), Fr::ONE);
    assert_eq!(base.pow(&[5]), Fr::from_u64(243));
    assert_eq!(base.pow(&[0, 1]), base.pow(&[1 << 32]).pow(&[1 << 32]));
    // Fermat
    assert_eq!(base.pow(&ScalarField::LIMBS), base);
}
