//! iden3's binary files: four letters, a version, and sections with numbers and lengths.

use crate::refusal::{Code, Refusal};
use std::collections::BTreeMap;
use std::ops::Range;

const HEADER_BYTES: usize = 12;
const SECTION_HEADER_BYTES: usize = 12;
const NEWEST_VERSION: u32 = 2;
/// Files of this kind have at most 17; a count beyond is no reason to look for more.
const MOST_SECTIONS: u32 = 1 << 10;

/// Where a file's sections are.
pub struct Sections<'a> {
    bytes: &'a [u8],
    places: BTreeMap<u32, Range<usize>>,
    blame: Blame<'a>,
}

/// Whose fault it is.
#[derive(Clone, Copy)]
pub struct Blame<'a> {
    /// KEY or WITNESS.
    pub code: Code,
    /// The file's name.
    pub file: &'a str,
}

impl Blame<'_> {
    /// A refusal that begins with the file's name.
    pub fn refusal(&self, problem: impl std::fmt::Display) -> Refusal {
        Refusal::new(self.code, format!("{}{problem}: {}", self.file, self.advice()))
    }

    fn advice(&self) -> &'static str {
        if self.code == Code::Key { "make or fetch the key again" } else { "compute the witness again" }
    }
}

impl<'a> Sections<'a> {
    /// Finds all sections. Refuses another kind of file, one cut short or too long, and one with a section twice.
    pub fn parse(bytes: &'a [u8], magic: &str, blame: Blame<'a>) -> Result<Self, Refusal> {
        if bytes.len() < HEADER_BYTES || &bytes[..4] != magic.as_bytes() {
            return Err(blame.refusal(format_args!(" is no .{magic} file")));
        }
        if !(1..=NEWEST_VERSION).contains(&u32_at(bytes, 4)) {
            return Err(blame.refusal(" is of a version of its format that is not known here"));
        }
        let count = u32_at(bytes, 8);
        if count > MOST_SECTIONS {
            return Err(blame.refusal(" names more sections than such a file has"));
        }
        let mut places = BTreeMap::new();
        let mut position = HEADER_BYTES;
        for _ in 0..count {
            let cut_short = || blame.refusal(" is cut short");
            let header = bytes.get(position..).filter(|rest| rest.len() >= SECTION_HEADER_BYTES).ok_or_else(cut_short)?;
            let id = u32_at(header, 0);
            let start = position + SECTION_HEADER_BYTES;
            let length = u64::from_le_bytes(header[4..12].try_into().expect("eight bytes"));
            let length = usize::try_from(length).ok().filter(|&length| length <= bytes.len() - start).ok_or_else(cut_short)?;
            position = start + length;
            if places.insert(id, start..position).is_some() {
                return Err(blame.refusal(format_args!(" has section {id} twice")));
            }
        }
        if position != bytes.len() {
            return Err(blame.refusal(" has bytes after its last section"));
        }
        Ok(Self { bytes, places, blame })
    }

    /// Where a section is, which must have exactly this many bytes.
    pub fn exactly(&self, id: u32, length: u64) -> Result<Range<usize>, Refusal> {
        let place = self.find(id)?;
        if place.len() as u64 == length { Ok(place) } else { Err(self.blame.refusal(format_args!(": section {id} does not fit the header"))) }
    }

    /// Where a section is that holds a count of four bytes and then so many entries of this many bytes.
    pub fn counted(&self, id: u32, entry_bytes: u64) -> Result<Range<usize>, Refusal> {
        let place = self.find(id)?;
        let fits = place.len() >= 4 && place.len() as u64 == 4 + u64::from(u32_at(self.bytes, place.start)) * entry_bytes;
        if fits { Ok(place.start + 4..place.end) } else { Err(self.blame.refusal(format_args!(": section {id} does not fit its own count"))) }
    }

    fn find(&self, id: u32) -> Result<Range<usize>, Refusal> {
        self.places.get(&id).cloned().ok_or_else(|| self.blame.refusal(format_args!(" lacks section {id}")))
    }
}

/// A number of four bytes. Requires them to be there.
pub fn u32_at(bytes: &[u8], place: usize) -> u32 {
    u32::from_le_bytes(bytes[place..place + 4].try_into().expect("four bytes"))
}
