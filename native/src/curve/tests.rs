use super::*;
use crate::arithmetic::{Arithmetic, Limbs, Modulus, Portable, ScalarField};
use crate::field::{Field, Fq, Fq2};
use crate::testing::{Random, number, vectors};

fn order_kills_the_generator<G: Group>() {
    assert!(G::generator().is_on_curve());
    assert!(G::generator().multiply(&ScalarField::LIMBS).is_infinity());
    let mut almost = ScalarField::LIMBS;
    almost[0] -= 1;
    assert_eq!(G::generator().multiply(&almost).to_affine(), G::generator().negate());
}

fn generators<A: Arithmetic>() {
    order_kills_the_generator::<G1<A>>();
    order_kills_the_generator::<G2<A>>();
}

#[test]
fn generators_have_the_groups_order() {
    for_each_arithmetic!(generators);
}

fn first<A: Arithmetic>(digits: &[&str]) -> Affine<G1<A>> {
    let coordinate = |place: usize| Fq::from_canonical(&number(digits[place])).expect("below the modulus");
    Affine { x: coordinate(0), y: coordinate(1) }
}

fn second<A: Arithmetic>(digits: &[&str]) -> Affine<G2<A>> {
    let coordinate = |place: usize| Fq::from_canonical(&number(digits[place])).expect("below the modulus");
    Affine { x: Fq2::new(coordinate(0), coordinate(1)), y: Fq2::new(coordinate(2), coordinate(3)) }
}

fn agrees<G: Group>(line: &[&str], width: usize, point: impl Fn(&[&str]) -> Affine<G>) {
    let (operands, result) = line[2..].split_at(line.len() - 2 - width);
    let a = point(&operands[..width]);
    let result = point(result);
    assert!(a.is_on_curve() && result.is_on_curve());
    match line[1] {
        "mul" => assert_eq!(a.multiply(&number(operands[width])).to_affine(), result, "{line:?}"),
        "add" => {
            let b = point(&operands[width..]);
            let mut sum = Accumulator::from(a);
            sum.add_affine(&b);
            assert_eq!(sum.to_affine(), result, "{line:?}");
            let mut sum = Accumulator::from(a);
            sum.add(&b.into());
            assert_eq!(sum.to_affine(), result, "{line:?}");
        }
        unknown => panic!("no operation {unknown}"),
    }
}

fn agrees_on_all_vectors<A: Arithmetic>() {
    let mut seen = 0;
    for line in vectors(include_str!("../../tests/vectors/curve.txt")) {
        match line[0] {
            "g1" => agrees(&line, 2, first::<A>),
            "g2" => agrees(&line, 4, second::<A>),
            unknown => panic!("no group {unknown}"),
        }
        seen += 1;
    }
    assert_eq!(seen, 32);
}

#[test]
fn points_agree_with_eip_196_and_snarkjs() {
    for_each_arithmetic!(agrees_on_all_vectors);
}

/// Infinity, small multiples of the generator with both signs, random ones: coinciding and opposite points meet.
fn points<G: Group>() -> Vec<Affine<G>> {
    let mut random = Random::new(6);
    let scalars = (0..4).map(|small| [small, 0, 0, 0]).chain((0..3).map(|_| random.element::<ScalarField>()));
    let points: Vec<Affine<G>> = scalars.map(|scalar: Limbs| G::generator().multiply(&scalar).to_affine()).collect();
    points.iter().flat_map(|point| [*point, point.negate()]).collect()
}

fn sum<G: Group>(left: &Accumulator<G>, right: &Accumulator<G>) -> Accumulator<G> {
    let mut sum = *left;
    sum.add(right);
    sum
}

/// Not by its affine coordinates: ZZ is not 1 unless it is infinity.
fn stretched<G: Group>(point: &Affine<G>) -> Accumulator<G> {
    let mut sum = G::generator().multiply(&[5, 0, 0, 0]);
    sum.add_affine(point);
    sum.add_affine(&G::generator().multiply(&[5, 0, 0, 0]).to_affine().negate());
    sum
}

fn keeps_the_laws<G: Group>() {
    let points = points::<G>();
    for a in &points {
        let stretched_a = stretched(a);
        assert_eq!(stretched_a.to_affine(), *a);
        assert_eq!(stretched_a, (*a).into());
        assert_eq!(stretched_a.double(), sum(&stretched_a, &stretched_a));
        assert!(sum(&stretched_a, &stretched_a.negate()).is_infinity());
        assert_eq!(stretched_a == stretched_a.negate(), a.is_infinity());
        for b in &points {
            let stretched_b = stretched(b);
            let both = sum(&stretched_a, &stretched_b);
            assert!(both.to_affine().is_on_curve());
            assert_eq!(both, sum(&stretched_b, &stretched_a));
            let mut mixed = stretched_a;
            mixed.add_affine(b);
            assert_eq!(mixed, both);
            for c in &points[..8] {
                assert_eq!(sum(&both, &(*c).into()), sum(&stretched_a, &sum(&stretched_b, &(*c).into())));
            }
        }
    }
}

fn groups_are_groups<A: Arithmetic>() {
    keeps_the_laws::<G1<A>>();
    keeps_the_laws::<G2<A>>();
}

#[test]
fn addition_is_complete_and_keeps_the_laws() {
    for_each_arithmetic!(groups_are_groups);
}

fn multiplication_is_linear<G: Group>() {
    let mut random = Random::new(7);
    for _ in 0..4 {
        let (mut a, mut b) = (random.element::<ScalarField>(), random.element::<ScalarField>());
        // So that the sum fits without reduction.
        a[3] >>= 2;
        b[3] >>= 2;
        let mut together = G::generator().multiply(&a);
        together.add(&G::generator().multiply(&b));
        assert_eq!(together, G::generator().multiply(&crate::arithmetic::portable_add(&a, &b)));
    }
}

#[test]
fn multiples_add_up() {
    multiplication_is_linear::<G1<Portable>>();
    multiplication_is_linear::<G2<Portable>>();
}

fn reads<G: Group>() {
    let point = G::generator().multiply(&[99, 0, 0, 0]).to_affine();
    let one = vec![0; G::POINT_BYTES];
    assert_eq!(Affine::<G>::from_bytes(&one), Some(Affine::INFINITY));
    assert_eq!(Affine::<G>::from_checked_bytes(&one), Affine::INFINITY);
    for place in (31..G::POINT_BYTES).step_by(32) {
        let mut beyond = one.clone();
        beyond[place] = 0xff;
        assert_eq!(Affine::<G>::from_bytes(&beyond), None);
    }
    let off = Affine::<G> { x: point.x, y: point.y + G::Coordinate::ONE };
    assert!(point.is_on_curve() && !off.is_on_curve());
}

#[test]
fn coordinates_beyond_the_modulus_are_no_point() {
    reads::<G1<Portable>>();
    reads::<G2<Portable>>();
}
