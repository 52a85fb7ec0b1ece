//! Many requests to one process, in frames: see docs/decisions/0011-native-prover.md.

mod answers;
mod frames;
mod keys;
mod session;
#[cfg(unix)]
mod socket;

pub use answers::Kinds;

use crate::groth16::Prover;
use crate::refusal::{Code, Refusal};
use answers::Answers;
use session::converse;
use std::io;
use std::panic;
use std::path::Path;
use std::sync::Mutex;

/// Where requests come from.
#[derive(Clone, Copy)]
pub enum Listening<'a> {
    /// Standard input, answers to standard output: ends with its input.
    Standard,
    /// A Unix socket: ends with standard input, if that is a pipe.
    Socket(&'a Path),
}

/// Serves until the input ends.
pub fn serve(prover: Prover, kinds: Kinds, listening: Listening<'_>, show_timings: bool) -> Result<(), Refusal> {
    // What a panic says may hold a value of a witness: say where, not what.
    panic::set_hook(Box::new(|info| {
        let place = info.location().map_or_else(String::new, |location| format!(" at {}:{}", location.file(), location.line()));
        eprintln!("clearproof-prover: a request met a fault of this program{place}");
    }));
    let answers = Mutex::new(Answers::new(prover, kinds, show_timings));
    match listening {
        Listening::Standard => {
            let broken = |error| Refusal::new(Code::Output, format!("standard input or output cannot be used ({error}): start it with pipes"));
            let (mut input, mut output) = standard().map_err(broken)?;
            converse(&answers, &mut input, &mut output)
        }
        #[cfg(unix)]
        Listening::Socket(path) => socket::listen(&answers, path),
        #[cfg(not(unix))]
        Listening::Socket(_) => Err(Refusal::new(Code::Output, "this system has no Unix sockets: serve over standard input and output")),
    }
}

/// Without the standard library's buffers, in which parts of witnesses would stay.
#[cfg(unix)]
fn standard() -> io::Result<(std::fs::File, std::fs::File)> {
    use std::os::fd::AsFd;
    let [input, output] = [io::stdin().as_fd().try_clone_to_owned()?, io::stdout().as_fd().try_clone_to_owned()?];
    Ok((input.into(), output.into()))
}

#[cfg(not(unix))]
fn standard() -> io::Result<(io::StdinLock<'static>, io::StdoutLock<'static>)> {
    Ok((io::stdin().lock(), io::stdout().lock()))
}

#[cfg(test)]
mod tests;
