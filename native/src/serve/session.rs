//! One connection: requests in, answers out, in order.

use super::answers::Answers;
use super::frames::{Broken, Frame, Stopped, write_answer};
use crate::refusal::{Code, Refusal};
use std::io::{Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

/// Answers requests until the input ends. A frame that cannot be read is the last.
pub fn converse(answers: &Mutex<Answers>, source: &mut impl Read, out: &mut impl Write) -> Result<(), Refusal> {
    loop {
        match exchange(answers, source, out) {
            Ok(true) => (),
            Ok(false) => return Ok(()),
            Err(Broken::Connection(error)) => {
                return Err(Refusal::new(Code::Frame, format!("the connection broke off ({error}): ask again over a new one")));
            }
            Err(Broken::Frame) => return Err(super::frames::refusal("has no kind")),
        }
    }
}

/// One request and its answer; false where the input ends.
fn exchange(answers: &Mutex<Answers>, source: &mut impl Read, out: &mut impl Write) -> Result<bool, Broken> {
    let Some(mut frame) = Frame::next(source)? else { return Ok(false) };
    // Reading happens without the lock, so that one connection that dawdles does not hold up the others.
    let answer = catch_unwind(AssertUnwindSafe(|| {
        let request = Answers::read(answers, &mut frame)?;
        Ok(answers.lock().unwrap_or_else(PoisonError::into_inner).answer(request)?)
    }));
    match answer {
        Ok(Ok(body)) => write_answer(out, true, &body)?,
        Ok(Err(Stopped::Broken(broken))) => return Err(broken),
        Ok(Err(Stopped::Refused(refusal))) => refuse(&mut frame, out, &refusal)?,
        Err(_) => refuse(&mut frame, out, &Refusal::new(Code::Internal, "the prover met a fault of its own: report it, and prove with another"))?,
    }
    Ok(true)
}

fn refuse(frame: &mut Frame<'_, impl Read>, out: &mut impl Write, refusal: &Refusal) -> Result<(), Broken> {
    frame.skip()?;
    Ok(write_answer(out, false, refusal.to_json().compact().as_bytes())?)
}
