//! Groth16 over BN254 for keys (`.zkey`) and witnesses (`.wtns`) as snarkjs writes them, and Poseidon in bulk.
//!
//! Lower modules know nothing of higher ones: `arithmetic` < `lanes` < `field` < `curve` < all else.
#![deny(unsafe_code)]

#[cfg(test)]
#[macro_use]
mod testing;

pub mod arithmetic;
pub mod curve;
pub mod field;
pub mod files;
pub mod json;
#[cfg(target_arch = "x86_64")]
pub mod lanes;
pub mod refusal;
pub mod secret;
pub mod sums;
pub mod threads;
