//! A proof from a key and a witness.

use super::coefficients::rows;
use super::proof::Proof;
use super::timings::Timings;
use crate::arithmetic::{Cpu, Limbs, Portable};
use crate::curve::{Accumulator, Affine, Group};
use crate::field::Fr;
use crate::files::{Key, check_wires};
use crate::random;
use crate::refusal::Refusal;
use crate::secret::Secret;
use crate::sums::{Job, Scalars, sums};
use crate::threads::Workers;
use crate::transform::quotient;

/// How proofs are made.
#[derive(Clone, Copy, Debug)]
pub struct Prover {
    /// The arithmetic.
    pub cpu: Cpu,
    /// The threads.
    pub workers: Workers,
}

impl Prover {
    /// Proves. `name` is what the witness is called in refusals. Whether the witness satisfies the circuit shows when the proof is verified.
    pub fn prove(&self, key: &Key, wires: &[u8], name: &str, timings: &mut Timings) -> Result<Proof, Refusal> {
        check_wires(&self.workers, wires, key.wires, name)?;
        let blinding = [random::scalar()?, random::scalar()?];
        timings.phase("check");
        Ok(self.prove_blinded(key, wires, &blinding, timings))
    }

    fn prove_blinded(&self, key: &Key, wires: &[u8], blinding: &[Secret<Limbs>; 2], timings: &mut Timings) -> Proof {
        let [a, b] = rows(self.cpu, &self.workers, key, wires);
        timings.phase("coefficients");
        let quotient = quotient(self.cpu, &self.workers, a, b);
        timings.phase("transforms");
        let proof = self.assemble(key, wires, &quotient, blinding);
        timings.phase("sums");
        proof
    }

    /// A = alpha + sum a + r delta, B = beta + sum b + s delta, C = sum c + sum h + s A + r B - r s delta.
    fn assemble(&self, key: &Key, wires: &[u8], quotient: &[Limbs], [r, s]: &[Secret<Limbs>; 2]) -> Proof {
        let private = &wires[32 * (key.public_signals + 1)..];
        let g1 = [
            Job { points: key.h_points(), scalars: Scalars::Limbs(quotient) },
            Job { points: key.a_points(), scalars: Scalars::Canonical(wires) },
            Job { points: key.b_points(), scalars: Scalars::Canonical(wires) },
            Job { points: key.c_points(), scalars: Scalars::Canonical(private) },
        ];
        let g2 = [Job { points: key.b_2_points(), scalars: Scalars::Canonical(wires) }];
        let (g1, g2) = sums(self.cpu, &self.workers, &g1, &g2);
        let [h, a, b, c] = g1[..] else { unreachable!("a sum for each job") };
        let a = total([key.alpha.into(), a.into(), key.delta.multiply(&r[0])]);
        let b = total([key.beta.into(), b.into(), key.delta.multiply(&s[0])]);
        let b_2 = total([key.beta_2.into(), g2[0].into(), key.delta_2.multiply(&s[0])]);
        let mut minus_rs = Secret::<Limbs>::zeros(1);
        minus_rs[0] = (-(scalar(&r[0]) * scalar(&s[0]))).canonical();
        let c = total([c.into(), h.into(), a.multiply(&s[0]), b.multiply(&r[0]), key.delta.multiply(&minus_rs[0])]);
        Proof { a, b: b_2, c }
    }
}

fn scalar(limbs: &Limbs) -> Fr<Portable> {
    Fr::from_canonical(limbs).expect("drawn below the order")
}

fn total<G: Group, const COUNT: usize>(terms: [Accumulator<G>; COUNT]) -> Affine<G> {
    let mut total = Accumulator::INFINITY;
    terms.iter().for_each(|term| total.add(term));
    total.to_affine()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arithmetic::ScalarField;
    use crate::files::Witness;
    use crate::groth16::toy::Toy;
    use crate::testing::edges;

    fn blinding(r: &Limbs, s: &Limbs) -> [Secret<Limbs>; 2] {
        [r, s].map(|limbs| {
            let mut secret = Secret::zeros(1);
            secret[0] = *limbs;
            secret
        })
    }

    #[test]
    fn makes_the_one_proof_that_the_trapdoors_allow() {
        for seed in 0..4 {
            let toy = Toy::new(seed, seed % 2 == 0);
            for cpu in Cpu::ALL.into_iter().filter(|cpu| cpu.is_available()) {
                let prover = Prover { cpu, workers: Workers::new(1 + seed as usize) };
                let key = Key::parse(&prover.workers, toy.zkey.clone().into(), "toy.zkey").unwrap();
                let wires = Witness::parse(toy.wtns.clone().into(), "toy.wtns").unwrap();
                for pair in edges::<ScalarField>().windows(2).step_by(5) {
                    let proof = prover.prove_blinded(&key, &wires, &blinding(&pair[0], &pair[1]), &mut Timings::start());
                    assert_eq!(proof, toy.proof(scalar(&pair[0]), scalar(&pair[1])), "seed {seed}, {cpu}");
                }
            }
        }
    }

    #[test]
    fn draws_other_blinding_for_each_proof() {
        let toy = Toy::new(7, true);
        let prover = Prover { cpu: Cpu::detect(), workers: Workers::new(2) };
        let key = Key::parse(&prover.workers, toy.zkey.into(), "toy.zkey").unwrap();
        let [first, second] = [(); 2].map(|()| prover.prove(&key, &toy.wires, "toy.wtns", &mut Timings::start()).unwrap());
        assert!(first.a != second.a && first.b != second.b && first.c != second.c);
    }
}
