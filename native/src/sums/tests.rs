use super::*;
use crate::arithmetic::{Limbs, Modulus, ScalarField};
use crate::testing::{Random, elements};

/// Multiples of the generator: `first, first + 1, ..`.
fn multiples<G: Group>(first: u64, count: usize) -> Vec<Affine<G>> {
    let mut sum = G::generator().multiply(&[first, 0, 0, 0]);
    let mut points = Vec::with_capacity(count);
    for _ in 0..count {
        points.push(sum.to_affine());
        sum.add_affine(&G::generator());
    }
    points
}

fn bytes<G: Group>(points: &[Affine<G>]) -> Vec<u8> {
    let mut bytes = vec![0; points.len() * G::POINT_BYTES];
    for (point, out) in points.iter().zip(bytes.chunks_exact_mut(G::POINT_BYTES)) {
        point.write_bytes(out);
    }
    bytes
}

/// Double and add, for each point.
fn naive<G: Group>(points: &[Affine<G>], scalars: &[Limbs]) -> Affine<G> {
    let mut sum = Accumulator::INFINITY;
    for (point, scalar) in points.iter().zip(scalars) {
        sum.add(&point.multiply(scalar));
    }
    sum.to_affine()
}

fn witness(scalars: &[Limbs]) -> Vec<u8> {
    scalars.iter().flatten().flat_map(|limb| limb.to_le_bytes()).collect()
}

/// In every arithmetic, with 1, 2 and 3 threads, from limbs and from bytes, in both groups.
fn check(first: &[Affine<G1<Portable>>], second: &[Affine<G2<Portable>>], scalars: &[Limbs]) {
    let (first_bytes, second_bytes, witness) = (bytes(first), bytes(second), witness(scalars));
    let expected = (naive(first, scalars), naive(second, scalars));
    for cpu in Cpu::ALL.into_iter().filter(|cpu| cpu.is_available()) {
        for threads in 1..=3 {
            let job = |points, scalars| Job { points, scalars };
            let g1 = [job(&first_bytes[..], Scalars::Canonical(&witness)), job(&first_bytes, Scalars::Limbs(scalars))];
            let g2 = [job(&second_bytes[..], Scalars::Limbs(scalars)), job(&second_bytes, Scalars::Canonical(&witness))];
            let (in_first, in_second) = sums(cpu, &Workers::new(threads), &g1, &g2);
            assert_eq!(in_first, [expected.0; 2], "{cpu}, {threads} threads");
            assert_eq!(in_second, [expected.1; 2], "{cpu}, {threads} threads");
        }
    }
}

fn check_multiples(scalars: &[Limbs]) {
    check(&multiples(1, scalars.len()), &multiples(1, scalars.len()), scalars);
}

/// As in a circuit: bits, short numbers, their negatives, and dense ones.
fn mixed(seed: u64, count: usize) -> Vec<Limbs> {
    let mut random = Random::new(seed);
    let mut one = || {
        let dense = random.element::<ScalarField>();
        match random.below(8) {
            0..=2 => [0; 4],
            3..=4 => [1, 0, 0, 0],
            5 => [dense[0] >> random.below(64), 0, 0, 0],
            6 => negative(dense[0] >> random.below(64)),
            _ => dense,
        }
    };
    (0..count).map(|_| one()).collect()
}

/// `r - number`
fn negative(number: u64) -> Limbs {
    let mut limbs = ScalarField::LIMBS;
    let mut borrow;
    (limbs[0], borrow) = limbs[0].overflowing_sub(number);
    for limb in &mut limbs[1..] {
        (*limb, borrow) = limb.overflowing_sub(u64::from(borrow));
    }
    if number == 0 { [0; 4] } else { limbs }
}

#[test]
fn few_points() {
    for count in 0..=3 {
        check_multiples(&elements::<ScalarField>(1, count + 2)[2..]);
        check_multiples(&vec![[1, 0, 0, 0]; count]);
        check_multiples(&vec![[0; 4]; count]);
    }
    let (first, second) = sums(Cpu::detect(), &Workers::new(2), &[], &[]);
    assert!(first.is_empty() && second.is_empty());
}

#[test]
fn dense_edges() {
    check_multiples(&elements::<ScalarField>(2, 300));
}

#[test]
fn a_witness() {
    check_multiples(&mixed(3, 1000));
}

#[test]
fn short_edges() {
    let numbers = [1, 2, 3, 1 << 31, 1 << 62, 1 << 63, u64::MAX, u64::MAX - 1, (1 << 63) - 1];
    let scalars: Vec<Limbs> = numbers.iter().flat_map(|&number| [[number, 0, 0, 0], negative(number)]).collect();
    check_multiples(&scalars);
    // With dense ones, so that short ones share their windows.
    check_multiples(&[&scalars[..], &elements::<ScalarField>(4, 40)].concat());
    // Just not short.
    check_multiples(&[[0, 1, 0, 0], [u64::MAX, 1, 0, 0], [0, 0, 0, 1]]);
}

#[test]
fn equal_scalars() {
    for scalar in [[1, 0, 0, 0], [u64::MAX, 0, 0, 0], negative(1), negative(2), [5, 6, 7, 8]] {
        check_multiples(&vec![scalar; 700]);
    }
}

/// Every addition doubles or is of sums that do.
#[test]
fn equal_points() {
    let scalars = mixed(5, 500);
    check(&vec![multiples(7, 1)[0]; 500], &vec![multiples(7, 1)[0]; 500], &scalars);
    check(&vec![multiples(7, 1)[0]; 500], &vec![multiples(7, 1)[0]; 500], &vec![[1, 0, 0, 0]; 500]);
    check(&vec![multiples(7, 1)[0]; 200], &vec![multiples(7, 1)[0]; 200], &elements::<ScalarField>(6, 200));
}

fn with_opposites<G: Group>(count: usize) -> Vec<Affine<G>> {
    multiples::<G>(9, count / 2).into_iter().flat_map(|point| [point, point.negate()]).collect()
}

/// Every sum cancels.
#[test]
fn opposite_points() {
    for scalar in [[1, 0, 0, 0], [1 << 40, 0, 0, 0], [5, 6, 7, 8]] {
        check(&with_opposites(600), &with_opposites(600), &vec![scalar; 600]);
    }
    check(&with_opposites(600), &with_opposites(600), &mixed(7, 600));
}

fn with_infinity<G: Group>(count: usize) -> Vec<Affine<G>> {
    let mut points = multiples(3, count);
    points.iter_mut().step_by(3).for_each(|point| *point = Affine::INFINITY);
    points
}

#[test]
fn points_at_infinity() {
    check(&with_infinity(400), &with_infinity(400), &mixed(8, 400));
    check(&vec![Affine::INFINITY; 50], &vec![Affine::INFINITY; 50], &elements::<ScalarField>(9, 50));
}

/// Enough points for parts and for additions side by side in all steps. Expected without double and add: multiples of one point.
#[test]
fn many_points() {
    const COUNT: usize = 1 << 14;
    for scalars in [mixed(10, COUNT), elements::<ScalarField>(11, COUNT), vec![[1, 0, 0, 0]; COUNT]] {
        let mut total = crate::field::Fr::<Portable>::ZERO;
        for (place, scalar) in scalars.iter().enumerate() {
            let scalar = crate::field::Fr::from_canonical(scalar).expect("below the modulus");
            total = total + scalar * crate::field::Fr::from_u64(place as u64 + 1);
        }
        let points = (bytes::<G1<Portable>>(&multiples(1, COUNT)), bytes::<G2<Portable>>(&multiples(1, COUNT)));
        for cpu in Cpu::ALL.into_iter().filter(|cpu| cpu.is_available()) {
            let job = |points| Job { points, scalars: Scalars::Limbs(&scalars) };
            let (first, second) = sums(cpu, &Workers::new(2), &[job(&points.0)], &[job(&points.1)]);
            assert_eq!(first, [G1::generator().multiply(&total.canonical()).to_affine()], "{cpu}");
            assert_eq!(second, [G2::generator().multiply(&total.canonical()).to_affine()], "{cpu}");
        }
    }
}
