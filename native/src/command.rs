//! The command line.

use crate::arithmetic::Cpu;
use crate::files::{Key, Witness, write_all};
use crate::groth16::{Prover, Timings, public_signals};
use crate::refusal::{Code, Refusal};
use crate::serve::{self, Kinds, Listening};
use crate::threads::Workers;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const USAGE: &str = "\
clearproof-prover KEY.zkey WITNESS.wtns PROOF.json PUBLIC.json   one proof
clearproof-prover serve [--socket PATH]                          many, in frames over stdin and stdout or a socket
clearproof-prover poseidon [--socket PATH]                       hashes only, in the same frames

  --threads N           threads that work (default: one for each core)
  --arithmetic NAME     portable, adx or ifma (default: the fastest this processor has)
  --timings             seconds of each phase, JSON on stderr
  --help, --version

Ends with 0 when done, 1 when something is refused or fails, 2 for arguments that make no sense.
";

/// What the arguments ask for.
#[derive(PartialEq, Debug)]
struct Arguments {
    words: Vec<PathBuf>,
    threads: Option<usize>,
    cpu: Option<Cpu>,
    socket: Option<PathBuf>,
    timings: bool,
}

/// Runs the program with the arguments after its name.
pub fn run(arguments: impl Iterator<Item = std::ffi::OsString>) -> ExitCode {
    let arguments: Vec<_> = arguments.collect();
    if arguments.iter().any(|argument| argument == "--help") {
        print!("{USAGE}");
        return ExitCode::SUCCESS;
    }
    if arguments.iter().any(|argument| argument == "--version") {
        println!("{}", env!("CARGO_PKG_VERSION"));
        return ExitCode::SUCCESS;
    }
    match parse(arguments).and_then(|arguments| carry_out(&arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(refusal) => {
            eprintln!("clearproof-prover: {refusal}");
            ExitCode::from(if refusal.code == Code::Arguments { 2 } else { 1 })
        }
    }
}

fn carry_out(arguments: &Arguments) -> Result<(), Refusal> {
    let prover = prover(arguments)?;
    let words: Vec<&Path> = arguments.words.iter().map(PathBuf::as_path).collect();
    let serve = |kinds| {
        let listening = arguments.socket.as_deref().map_or(Listening::Standard, Listening::Socket);
        serve::serve(prover, kinds, listening, arguments.timings)
    };
    match words[..] {
        [word] if word == Path::new("serve") => serve(Kinds::All),
        [word] if word == Path::new("poseidon") => serve(Kinds::Hash),
        [key, witness, proof, public] if arguments.socket.is_none() => prove(prover, [key, witness, proof, public], arguments.timings),
        _ => Err(wrong("the arguments fit no command")),
    }
}

fn prover(arguments: &Arguments) -> Result<Prover, Refusal> {
    let cpu = arguments.cpu.unwrap_or_else(Cpu::detect);
    if !cpu.is_available() {
        return Err(wrong(&format!("this processor has no {cpu}")));
    }
    Ok(Prover { cpu, workers: arguments.threads.map_or_else(Workers::all, Workers::new) })
}

fn prove(prover: Prover, [key, witness, proof, public]: [&Path; 4], show_timings: bool) -> Result<(), Refusal> {
    let mut timings = Timings::start();
    let wires = Witness::open(witness)?;
    let opened = Key::open(&prover.workers, key)?;
    timings.phase("open");
    let made = prover.prove(&opened, &wires, &witness.to_string_lossy(), &mut timings)?;
    let signals = public_signals(&wires, opened.public_signals);
    write_all(&[(proof, &made.to_json().indented()), (public, &signals.indented())])?;
    timings.phase("write");
    if show_timings {
        eprintln!("{}", timings.to_json().compact());
    }
    Ok(())
}

fn parse(arguments: Vec<std::ffi::OsString>) -> Result<Arguments, Refusal> {
    let mut parsed = Arguments { words: Vec::new(), threads: None, cpu: None, socket: None, timings: false };
    let mut rest = arguments.into_iter();
    while let Some(argument) = rest.next() {
        let option = argument.to_str().filter(|text| text.starts_with("--")).map(str::to_owned);
        let Some(option) = option else {
            parsed.words.push(argument.into());
            continue;
        };
        let mut value = || rest.next().ok_or_else(|| wrong(&format!("{option} takes a value")));
        match option.as_str() {
            "--timings" => parsed.timings = true,
            "--threads" => parsed.threads = Some(number(&option, &value()?, 1..=1024)?),
            "--arithmetic" => parsed.cpu = Some(value()?.to_string_lossy().parse().map_err(|problem: String| wrong(&problem))?),
            "--socket" => parsed.socket = Some(value()?.into()),
            _ => return Err(wrong(&format!("there is no option {option}"))),
        }
    }
    Ok(parsed)
}

fn number(option: &str, value: &std::ffi::OsStr, allowed: std::ops::RangeInclusive<usize>) -> Result<usize, Refusal> {
    let parsed = value.to_str().and_then(|text| text.parse().ok()).filter(|number| allowed.contains(number));
    parsed.ok_or_else(|| wrong(&format!("{option} takes a whole number from {} to {}", allowed.start(), allowed.end())))
}

fn wrong(problem: &str) -> Refusal {
    Refusal::new(Code::Arguments, format!("{problem}: see --help"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Arguments, Refusal> {
        parse(line.split_whitespace().map(Into::into).collect())
    }

    #[test]
    fn takes_options_anywhere() {
        let arguments = parsed("--threads 3 a.zkey b.wtns --arithmetic portable c.json --timings d.json").unwrap();
        assert_eq!(arguments.words, ["a.zkey", "b.wtns", "c.json", "d.json"].map(PathBuf::from));
        assert_eq!((arguments.threads, arguments.cpu, arguments.timings), (Some(3), Some(Cpu::Portable), true));
    }

    #[test]
    fn refuses_options_that_make_no_sense() {
        for line in ["--threads", "--threads 0", "--threads x", "--threads 1025", "--arithmetic avx", "--socket", "--unknown"] {
            assert_eq!(parsed(line).unwrap_err().code, Code::Arguments, "{line}");
        }
    }

    #[test]
    fn refuses_words_that_fit_no_command() {
        for line in ["", "serve x", "a b c", "a b c d e", "a b c d --socket s"] {
            assert_eq!(carry_out(&parsed(line).unwrap()).unwrap_err().code, Code::Arguments, "{line}");
        }
    }
}
