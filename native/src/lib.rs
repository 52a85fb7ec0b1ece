//! Groth16 over BN254 for keys (`.zkey`) and witnesses (`.wtns`) as snarkjs writes them, and Poseidon in bulk.
//!
//! Lower modules know nothing of higher ones: `arithmetic` < `lanes` < `field` < `curve` < `transform`, `sums`, `poseidon` < `groth16` < `serve` <
//! `command`; beside them `threads`, `json`, `refusal`, `secret`, `random`, `files`.
#![deny(unsafe_code)]

#[cfg(test)]
#[macro_use]
mod testing;

pub mod arithmetic;
pub mod command;
pub mod curve;
pub mod field;
pub mod files;
pub mod groth16;
pub mod json;
#[cfg(target_arch = "x86_64")]
pub mod lanes;
pub mod poseidon;
pub mod random;
pub mod refusal;
pub mod secret;
pub mod serve;
pub mod sums;
pub mod threads;
pub mod transform;
