//! The program `clearproof-prover`.

use std::process::ExitCode;

fn main() -> ExitCode {
    clearproof_prover::command::run(std::env::args_os().skip(1))
}
