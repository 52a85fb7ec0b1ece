//! Witnesses: `.wtns` as snarkjs and circom's programs write them, or wires alone.

use super::contents::Contents;
use super::scan::{ELEMENT_BYTES, first_too_large, limbs};
use super::sections::{Blame, Sections, u32_at};
use crate::arithmetic::{Modulus, ScalarField};
use crate::refusal::{Code, Refusal};
use crate::threads::Workers;
use std::ops::{Deref, Range};
use std::path::Path;

/// All wires, 32 bytes each, little-endian, wire 0 first; cleared when dropped. Its numbers are not checked yet: see `check_wires`.
pub struct Witness {
    contents: Contents,
    wires: Range<usize>,
}

impl Witness {
    /// Reads a file.
    pub fn open(path: &Path) -> Result<Self, Refusal> {
        let name = path.to_string_lossy();
        let contents = Contents::open(path).and_then(|(file, stamp)| Contents::read(&file, &stamp));
        let contents = contents.map_err(|error| Refusal::new(Code::Witness, format!("{name} cannot be read ({error}): name a witness")))?;
        Self::parse(contents, &name)
    }

    /// `name` is what the file is called in refusals.
    pub fn parse(contents: Contents, name: &str) -> Result<Self, Refusal> {
        let blame = Blame { code: Code::Witness, file: name };
        let sections = Sections::parse(&contents, "wtns", blame)?;
        let header = &contents[sections.exactly(1, (4 + ELEMENT_BYTES + 4) as u64)?];
        if u32_at(header, 0) as usize != ELEMENT_BYTES || limbs(&header[4..]) != ScalarField::LIMBS {
            return Err(blame.refusal(" is over another field than that of bn128"));
        }
        let wires = sections.exactly(2, u64::from(u32_at(header, 4 + ELEMENT_BYTES)) * ELEMENT_BYTES as u64)?;
        Ok(Self { contents, wires })
    }
}

impl Deref for Witness {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.contents[self.wires.clone()]
    }
}

/// Refuses wires that cannot be a witness for a key with so many. `name` is what they are called in the refusal.
pub fn check_wires(workers: &Workers, wires: &[u8], expected: usize, name: &str) -> Result<(), Refusal> {
    let blame = Blame { code: Code::Witness, file: name };
    if wires.len() != expected * ELEMENT_BYTES {
        let given = wires.len() / ELEMENT_BYTES;
        return Err(blame.refusal(format_args!(" has {given} wires, the key takes {expected}: they are of different circuits")));
    }
    if let Some(wire) = first_too_large::<ScalarField>(workers, wires) {
        return Err(blame.refusal(format_args!(": wire {wire} is not below the modulus")));
    }
    if limbs(wires) != [1, 0, 0, 0] {
        return Err(blame.refusal(": wire 0 is not 1"));
    }
    Ok(())
}
