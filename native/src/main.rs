//! The program `clearproof-prover`.

fn main() {}
