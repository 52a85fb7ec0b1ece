//! Groth16 over BN254 for keys (`.zkey`) and witnesses (`.wtns`) as snarkjs writes them, and Poseidon in bulk.
//!
//! Lower modules know nothing of higher ones: `arithmetic` < `field` < `curve` < all else.

pub mod arithmetic;
pub mod curve;
pub mod field;
pub mod threads;
