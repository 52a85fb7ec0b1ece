//! A small circuit with a key of known trapdoors, for tests: what a proof must be follows from them in the exponent.

use super::Proof;
use crate::arithmetic::{Limbs, Modulus, Portable, ScalarField};
use crate::curve::{Affine, G1, G2, Group};
use crate::field::{Field, Fr};
use crate::testing::Random;

type F = Fr<Portable>;

pub(crate) const WIRES: usize = 11;
pub(crate) const PUBLIC: usize = 2;
pub(crate) const DOMAIN: usize = 16;

/// Matrices A and B, with C such that the witness satisfies the circuit, and the key for all that.
pub(crate) struct Toy {
    /// The key's file.
    pub(crate) zkey: Vec<u8>,
    /// The witness's file.
    pub(crate) wtns: Vec<u8>,
    /// The wires alone.
    pub(crate) wires: Vec<u8>,
    wire_values: Vec<F>,
    /// A_i, B_i and C_i at tau, by wire.
    at_tau: [Vec<F>; 3],
    trapdoor: Trapdoor,
}

struct Trapdoor {
    alpha: F,
    beta: F,
    gamma: F,
    delta: F,
    tau: F,
}

/// A coefficient: whether it is of B, row, wire, value.
type Coefficient = (bool, usize, usize, F);

impl Toy {
    /// Another one for each seed. With `sorted`, coefficients are in the order of rows, as snarkjs writes them.
    pub(crate) fn new(seed: u64, sorted: bool) -> Self {
        let mut random = Random::new(seed);
        let mut element = || F::from_montgomery(random.element::<ScalarField>());
        let trapdoor = Trapdoor { alpha: element(), beta: element(), gamma: element(), delta: element(), tau: element() };
        let wire_values: Vec<F> = (0..WIRES).map(|wire| if wire == 0 { F::ONE } else { wire_value(wire, element()) }).collect();
        let mut coefficients: Vec<Coefficient> = Vec::new();
        // The last rows are empty, one row lacks B, and one wire is in no row.
        for row in 0..DOMAIN - 3 {
            for wire in (0..WIRES - 1).filter(|wire| (row + wire) % 3 != 0) {
                coefficients.push((false, row, wire, element()));
                coefficients.extend((row != 4).then_some((true, row, wire + (wire + row) % 2 % (WIRES - 1), element())));
            }
        }
        if !sorted {
            coefficients.sort_by_key(|&(is_b, row, wire, _)| (wire, row, is_b));
        }
        let lagrange = lagrange(root(DOMAIN), F::ONE, trapdoor.tau);
        let at_tau = at_tau(&coefficients, &wire_values, &lagrange);
        let wires: Vec<u8> = wire_values.iter().flat_map(|value| bytes(value.canonical())).collect();
        let mut toy = Self { zkey: Vec::new(), wtns: Vec::new(), wires, wire_values, at_tau, trapdoor };
        toy.zkey = toy.zkey(&coefficients);
        toy.wtns = toy.wtns();
        toy
    }

    /// The only proof with this blinding.
    pub(crate) fn proof(&self, r: F, s: F) -> Proof {
        let Trapdoor { alpha, beta, delta, .. } = self.trapdoor;
        let total = |terms: &[F]| terms.iter().zip(&self.wire_values).fold(F::ZERO, |sum, (term, wire)| sum + *term * *wire);
        let a = alpha + total(&self.at_tau[0]) + r * delta;
        let b = beta + total(&self.at_tau[1]) + s * delta;
        let public = (0..=PUBLIC).fold(F::ZERO, |sum, wire| sum + self.combined(wire) * self.wire_values[wire]);
        // What the verifier checks.
        let c = (a * b - alpha * beta - public) * delta.invert().unwrap();
        Proof { a: times::<G1<Portable>>(a), b: times::<G2<Portable>>(b), c: times::<G1<Portable>>(c) }
    }

    fn combined(&self, wire: usize) -> F {
        self.trapdoor.beta * self.at_tau[0][wire] + self.trapdoor.alpha * self.at_tau[1][wire] + self.at_tau[2][wire]
    }

    fn zkey(&self, coefficients: &[Coefficient]) -> Vec<u8> {
        let Trapdoor { alpha, beta, gamma, delta, tau } = self.trapdoor;
        let header = [
            &[32, 0, 0, 0][..],
            &bytes(crate::arithmetic::BaseField::LIMBS),
            &[32, 0, 0, 0],
            &bytes(ScalarField::LIMBS),
            &[WIRES, PUBLIC, DOMAIN].map(|number| (number as u32).to_le_bytes()).concat(),
            &first(alpha),
            &first(beta),
            &second(beta),
            &second(gamma),
            &first(delta),
            &second(delta),
        ];
        let [inverse_gamma, inverse_delta] = [gamma, delta].map(|element| element.invert().unwrap());
        let count = (coefficients.len() as u32).to_le_bytes();
        let entries = coefficients.iter().flat_map(|(is_b, row, wire, value)| {
            // In Montgomery form twice.
            let value = bytes((*value * F::from_montgomery(ScalarField::SQUARED_RADIX)).montgomery());
            [&[u32::from(*is_b), *row as u32, *wire as u32].map(u32::to_le_bytes).concat()[..], &value].concat()
        });
        // The vanishing polynomial is -2 on the odd coset.
        let vanishing = (tau.pow(&[DOMAIN as u64]) - F::ONE) * (F::ZERO - F::from_u64(2)).invert().unwrap() * inverse_delta;
        let odd = lagrange(root(DOMAIN), root(2 * DOMAIN), tau);
        let sections = [
            (1, vec![1, 0, 0, 0]),
            (2, header.concat()),
            (4, count.into_iter().chain(entries).collect()),
            (3, (0..=PUBLIC).flat_map(|wire| first(self.combined(wire) * inverse_gamma)).collect()),
            (5, self.at_tau[0].iter().flat_map(|value| first(*value)).collect()),
            (6, self.at_tau[1].iter().flat_map(|value| first(*value)).collect()),
            (7, self.at_tau[1].iter().flat_map(|value| second(*value)).collect()),
            (8, (PUBLIC + 1..WIRES).flat_map(|wire| first(self.combined(wire) * inverse_delta)).collect()),
            (9, odd.iter().flat_map(|value| first(*value * vanishing)).collect()),
            (10, vec![0; 68]),
        ];
        file("zkey", 1, &sections)
    }

    fn wtns(&self) -> Vec<u8> {
        let header = [&[32, 0, 0, 0][..], &bytes(ScalarField::LIMBS), &(WIRES as u32).to_le_bytes()].concat();
        file("wtns", 2, &[(1, header), (2, self.wires.clone())])
    }
}

/// One of iden3's files.
pub(crate) fn file(magic: &str, version: u32, sections: &[(u32, Vec<u8>)]) -> Vec<u8> {
    let mut file = [magic.as_bytes(), &version.to_le_bytes(), &(sections.len() as u32).to_le_bytes()].concat();
    for (id, body) in sections {
        file.extend(id.to_le_bytes());
        file.extend((body.len() as u64).to_le_bytes());
        file.extend(body);
    }
    file
}

/// Bits, short numbers, and others.
fn wire_value(wire: usize, random: F) -> F {
    match wire % 5 {
        1 => F::ONE,
        2 => F::ZERO,
        3 => F::from_u64(random.canonical()[0]),
        _ => random,
    }
}

/// By wire, from coefficients by row; C is whatever the witness makes of the rows, as multiples of wire 0.
fn at_tau(coefficients: &[Coefficient], wires: &[F], lagrange: &[F]) -> [Vec<F>; 3] {
    let mut at_tau = [(); 3].map(|()| vec![F::ZERO; WIRES]);
    let mut rows = [[F::ZERO; 2]; DOMAIN];
    for &(is_b, row, wire, value) in coefficients {
        let matrix = usize::from(is_b);
        at_tau[matrix][wire] = at_tau[matrix][wire] + value * lagrange[row];
        rows[row][matrix] = rows[row][matrix] + value * wires[wire];
    }
    at_tau[2][0] = rows.iter().zip(lagrange).fold(F::ZERO, |sum, ([a, b], lagrange)| sum + *a * *b * *lagrange);
    at_tau
}

/// Values at `at` of the polynomials that are 1 at one of the places `shift * root^i` and 0 at the others.
fn lagrange(root: F, shift: F, at: F) -> Vec<F> {
    let places: Vec<F> = (0..DOMAIN as u64).map(|exponent| shift * root.pow(&[exponent])).collect();
    let product = |place: F, of: F| places.iter().filter(|other| **other != place).fold(F::ONE, |product, other| product * (of - *other));
    places.iter().map(|&place| product(place, at) * product(place, place).invert().unwrap()).collect()
}

/// snarkjs' root of unity of this order.
pub(crate) fn root(order: usize) -> F {
    let mut exponent = (-F::ONE).canonical();
    for _ in 0..order.ilog2() {
        exponent = std::array::from_fn(|place| exponent[place] >> 1 | exponent.get(place + 1).map_or(0, |next| next << 63));
    }
    F::from_u64(5).pow(&exponent)
}

fn times<G: Group>(scalar: F) -> Affine<G> {
    G::generator().multiply(&scalar.canonical()).to_affine()
}

fn first(scalar: F) -> Vec<u8> {
    point::<G1<Portable>>(scalar)
}

fn second(scalar: F) -> Vec<u8> {
    point::<G2<Portable>>(scalar)
}

fn point<G: Group>(scalar: F) -> Vec<u8> {
    let mut bytes = vec![0; G::POINT_BYTES];
    times::<G>(scalar).write_bytes(&mut bytes);
    bytes
}

fn bytes(limbs: Limbs) -> Vec<u8> {
    limbs.iter().flat_map(|limb| limb.to_le_bytes()).collect()
}
