//! Frames: four bytes of length, little-endian, and what they announce.

use crate::refusal::{Code, Refusal};
use crate::secret::Secret;
use std::io::{self, Read, Write};

/// Why a conversation ends.
#[derive(Debug)]
pub enum Broken {
    /// The other side closed or broke the connection, between or within frames.
    Connection(io::Error),
    /// A frame that cannot be told from what follows.
    Frame,
}

impl From<io::Error> for Broken {
    fn from(error: io::Error) -> Self {
        Self::Connection(error)
    }
}

/// The rest of one request's frame. What is not read of it is skipped before the next.
pub struct Frame<'a, R: Read> {
    source: &'a mut R,
    left: usize,
}

impl<'a, R: Read> Frame<'a, R> {
    /// Waits for the next frame; `None` where the input ends.
    pub fn next(source: &'a mut R) -> Result<Option<Self>, Broken> {
        let mut length = [0; 4];
        let mut read = 0;
        while read < length.len() {
            match source.read(&mut length[read..]) {
                Ok(0) if read == 0 => return Ok(None),
                Ok(0) => return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into()),
                Ok(count) => read += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => (),
                Err(error) => return Err(error.into()),
            }
        }
        match u32::from_le_bytes(length) {
            // Without a kind it is no request, and its sender does not speak this language.
            0 => Err(Broken::Frame),
            length => Ok(Some(Self { source, left: length as usize })),
        }
    }

    /// Reads exactly so many bytes: a refusal where the frame has fewer.
    pub fn fill(&mut self, bytes: &mut [u8]) -> Result<(), Stopped> {
        if bytes.len() > self.left {
            return Err(refusal("is shorter than its own numbers say").into());
        }
        Ok(self.read(bytes)?)
    }

    /// Counts as it goes: whatever ends it, what is left is known.
    fn read(&mut self, mut bytes: &mut [u8]) -> Result<(), Broken> {
        while !bytes.is_empty() {
            match self.source.read(bytes) {
                Ok(0) => return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into()),
                Ok(count) => {
                    self.left -= count;
                    bytes = &mut bytes[count..];
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => (),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Reads a few bytes.
    pub fn take<const COUNT: usize>(&mut self) -> Result<[u8; COUNT], Stopped> {
        let mut bytes = [0; COUNT];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    /// Reads all that is left, which must be so many bytes.
    pub fn rest(&mut self, expected: usize) -> Result<Secret<u8>, Stopped> {
        if self.left != expected {
            return Err(refusal("is not as long as its own numbers say").into());
        }
        let mut bytes = Secret::zeros(expected);
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    /// Reads away what is left.
    pub fn skip(&mut self) -> Result<(), Broken> {
        let mut away = Secret::<u8>::zeros(self.left.min(1 << 16));
        while self.left > 0 {
            let count = self.left.min(away.len());
            self.read(&mut away[..count])?;
        }
        Ok(())
    }
}

/// Why a request got no answer that is done.
#[derive(Debug)]
pub enum Stopped {
    /// This one only.
    Refused(Refusal),
    /// This one and all that follow.
    Broken(Broken),
}

impl From<Refusal> for Stopped {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Broken> for Stopped {
    fn from(broken: Broken) -> Self {
        Self::Broken(broken)
    }
}

/// The request's frame has this fault.
pub fn refusal(problem: &str) -> Refusal {
    Refusal::new(Code::Frame, format!("the request {problem}: write frames as the prover's documentation has them"))
}

/// Writes an answer.
pub fn write_answer(out: &mut impl Write, done: bool, body: &[u8]) -> io::Result<()> {
    let length = u32::try_from(body.len() + 1).expect("answers are shorter than requests");
    let [a, b, c, d] = length.to_le_bytes();
    out.write_all(&[a, b, c, d, u8::from(!done)])?;
    out.write_all(body)?;
    out.flush()
}
