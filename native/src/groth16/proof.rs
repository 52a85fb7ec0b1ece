//! Proofs, as snarkjs writes them.

use crate::arithmetic::{Limbs, Portable};
use crate::curve::{Affine, G1, G2};
use crate::field::{Fq, Fq2};
use crate::files::limbs;
use crate::json::Json;

/// A proof's three points.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Proof {
    /// pi_a
    pub a: Affine<G1<Portable>>,
    /// pi_b
    pub b: Affine<G2<Portable>>,
    /// pi_c
    pub c: Affine<G1<Portable>>,
}

impl Proof {
    /// Projective coordinates in decimal.
    pub fn to_json(&self) -> Json {
        Json::object([
            ("pi_a", first_group(&self.a)),
            ("pi_b", second_group(&self.b)),
            ("pi_c", first_group(&self.c)),
            ("protocol", Json::text("groth16")),
            ("curve", Json::text("bn128")),
        ])
    }
}

/// A JSON list of the public signals. Requires wires that were checked.
pub fn public_signals(wires: &[u8], count: usize) -> Json {
    Json::list(wires[32..32 * (count + 1)].chunks_exact(32).map(|wire| Json::text(decimal(limbs(wire)))))
}

fn first_group(point: &Affine<G1<Portable>>) -> Json {
    let text = |element: &Fq<Portable>| Json::text(decimal(element.canonical()));
    if point.is_infinity() {
        return Json::list([0, 1, 0].map(|number| Json::text(number.to_string())));
    }
    Json::list([text(&point.x), text(&point.y), Json::text("1")])
}

fn second_group(point: &Affine<G2<Portable>>) -> Json {
    let pair = |element: &Fq2<Portable>| Json::list([&element.c0, &element.c1].map(|part| Json::text(decimal(part.canonical()))));
    let number = |number: u64| Json::list([number, 0].map(|part| Json::text(part.to_string())));
    if point.is_infinity() {
        return Json::list([0, 1, 0].map(number));
    }
    Json::list([pair(&point.x), pair(&point.y), number(1)])
}

/// In groups of 19 digits, the most a limb holds.
fn decimal(mut number: Limbs) -> String {
    const GROUP: u64 = 10u64.pow(19);
    let mut groups = Vec::new();
    while number != [0; 4] {
        let mut rest = 0u128;
        for limb in number.iter_mut().rev() {
            let part = rest << 64 | u128::from(*limb);
            (*limb, rest) = ((part / u128::from(GROUP)) as u64, part % u128::from(GROUP));
        }
        groups.push(rest as u64);
    }
    let first = groups.pop().unwrap_or(0).to_string();
    groups.iter().rev().fold(first, |text, group| format!("{text}{group:019}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arithmetic::{Modulus, ScalarField};
    use crate::curve::Group;

    #[test]
    fn writes_numbers_in_decimal() {
        assert_eq!(decimal([0; 4]), "0");
        assert_eq!(decimal([10_000_000_000_000_000_000, 0, 0, 0]), "10000000000000000000");
        assert_eq!(decimal([0, 1, 0, 0]), "18446744073709551616");
        assert_eq!(decimal(ScalarField::LIMBS), "21888242871839275222246405745257275088548364400416034343698204186575808495617");
        assert_eq!(decimal([u64::MAX; 4]), "115792089237316195423570985008687907853269984665640564039457584007913129639935");
    }

    #[test]
    fn writes_generators_as_eip_197_has_them_with_the_real_part_first() {
        let proof = Proof { a: G1::generator(), b: G2::generator(), c: Affine::INFINITY };
        let x = [
            "10857046999023057135944570762232829481370756359578518086990519993285655852781",
            "11559732032986387107991004021392285783925812861821192530917403151452391805634",
        ];
        let y = [
            "8495653923123431417604973247489272438418190587263600148770280649306958101930",
            "4082367875863433681332203403145435568316851327593401208105741076214120093531",
        ];
        let [x, y] = [x, y].map(|parts| Json::list(parts.map(Json::text)).compact());
        let expected = format!(r#"{{"pi_a":["1","2","1"],"pi_b":[{x},{y},["1","0"]],"pi_c":["0","1","0"],"protocol":"groth16","curve":"bn128"}}"#);
        assert_eq!(proof.to_json().compact(), expected);
    }
}
