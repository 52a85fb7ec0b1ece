//! Groth16 as snarkjs has it: from a key and a witness to a proof.

mod coefficients;
mod dot_product;
mod proof;
mod prover;
mod timings;
#[cfg(test)]
pub(crate) mod toy;

pub use coefficients::rows;
pub use proof::{Proof, public_signals};
pub use prover::Prover;
pub use timings::Timings;
