//! Points of both groups of BN254: y^2 = x^3 + b.

mod accumulator;
mod affine;

pub use accumulator::Accumulator;
pub use affine::{Affine, G1, G2, Group};

#[cfg(test)]
mod tests;
