//! Proving keys: `.zkey` of snarkjs.

use super::contents::{Contents, Stamp};
use super::entries::{ENTRY_BYTES, Entry, by_rows, check};
use super::scan::{ELEMENT_BYTES, first_too_large, limbs};
use super::sections::{Blame, Sections, u32_at};
use crate::arithmetic::{BaseField, Modulus, Portable, ScalarField};
use crate::curve::{Affine, G1, G2, Group};
use crate::refusal::{Code, Refusal};
use crate::threads::Workers;
use std::fs::File;
use std::ops::Range;
use std::path::Path;

const GROTH16: u32 = 1;
const G1_BYTES: usize = 64;
const G2_BYTES: usize = 128;
/// Where the points begin in section 2: after two moduli with their lengths, and three numbers.
const HEADER_POINTS: usize = 2 * (4 + ELEMENT_BYTES) + 12;
/// Twice the domain needs a root of unity, of which the field's last is of order 2^28.
const LARGEST_DOMAIN: u32 = 1 << 27;

/// A proving key that was checked: sections, lengths, indices, and that each number is below its modulus. Whether the points are the right ones
/// shows when a proof is verified.
pub struct Key {
    contents: Contents,
    /// Number of wires, wire 0 and the public ones included.
    pub wires: usize,
    /// Number of public signals, wire 0 not included.
    pub public_signals: usize,
    /// Number of rows: a power of two.
    pub domain: usize,
    /// alpha in the first group.
    pub alpha: Affine<G1<Portable>>,
    /// beta in the first group.
    pub beta: Affine<G1<Portable>>,
    /// beta in the second group.
    pub beta_2: Affine<G2<Portable>>,
    /// delta in the first group.
    pub delta: Affine<G1<Portable>>,
    /// delta in the second group.
    pub delta_2: Affine<G2<Portable>>,
    entries: Range<usize>,
    /// Places of the entries by rows, where the file has them in another order.
    order: Option<Vec<u32>>,
    points: [Range<usize>; 5],
}

impl Key {
    /// Opens and checks a key's file.
    pub fn open(workers: &Workers, path: &Path) -> Result<Self, Refusal> {
        let (file, stamp) = Contents::open(path).map_err(|error| unreadable(path, &error))?;
        Self::from_file(workers, path, &file, &stamp)
    }

    /// The same for a file that is open.
    pub fn from_file(workers: &Workers, path: &Path, file: &File, stamp: &Stamp) -> Result<Self, Refusal> {
        let contents = Contents::map(file, stamp).map_err(|error| unreadable(path, &error))?;
        Self::parse(workers, contents, &path.to_string_lossy())
    }

    /// Checks a key. `name` is what the file is called in refusals.
    pub fn parse(workers: &Workers, contents: Contents, name: &str) -> Result<Self, Refusal> {
        let blame = Blame { code: Code::Key, file: name };
        let sections = Sections::parse(&contents, "zkey", blame)?;
        if u32_at(&contents, sections.exactly(1, 4)?.start) != GROTH16 {
            return Err(blame.refusal(" is a key of another proof system than Groth16"));
        }
        let header = &contents[sections.exactly(2, (HEADER_POINTS + 3 * (G1_BYTES + G2_BYTES)) as u64)?];
        if !(is_modulus::<BaseField>(header) && is_modulus::<ScalarField>(&header[4 + ELEMENT_BYTES..])) {
            return Err(blame.refusal(" is over another curve than bn128"));
        }
        let [wires, public_signals, domain] = [12, 8, 4].map(|before| u32_at(header, HEADER_POINTS - before));
        if !domain.is_power_of_two() || domain > LARGEST_DOMAIN {
            return Err(blame.refusal(format_args!(" has a domain of {domain} rows, which is no power of two up to 2^27")));
        }
        let private = wires.checked_sub(public_signals).and_then(|rest| rest.checked_sub(1));
        let private = private.ok_or_else(|| blame.refusal(" has more public signals than wires"))?;
        sections.exactly(3, (u64::from(public_signals) + 1) * G1_BYTES as u64)?;
        let entries = sections.counted(4, ENTRY_BYTES as u64)?;
        let section = |id: u32, points: u32, bytes: usize| sections.exactly(id, u64::from(points) * bytes as u64);
        let points = [
            section(5, wires, G1_BYTES)?,
            section(6, wires, G1_BYTES)?,
            section(7, wires, G2_BYTES)?,
            section(8, private, G1_BYTES)?,
            section(9, domain, G1_BYTES)?,
        ];
        for (id, place) in (5..).zip(&points) {
            if let Some(number) = first_too_large::<BaseField>(workers, &contents[place.clone()]) {
                return Err(blame.refusal(format_args!(": section {id} has a coordinate at place {number} that is not below the modulus")));
            }
        }
        let sorted = check(workers, &contents[entries.clone()], wires, domain).map_err(|entry| {
            blame.refusal(format_args!(": entry {entry} of section 4 is of no matrix, row or wire of this key, or not below the modulus"))
        })?;
        let order = (!sorted).then(|| by_rows(&contents[entries.clone()], domain as usize));
        let header_points = &header[HEADER_POINTS..];
        let wrong = || blame.refusal(": section 2 has a point that is not on the curve, or at infinity");
        let g1 = |place: usize| point::<G1<Portable>>(&header_points[place..]).ok_or_else(wrong);
        let g2 = |place: usize| point::<G2<Portable>>(&header_points[place..]).ok_or_else(wrong);
        // alpha, beta | beta, gamma | delta | delta
        let (alpha, beta, beta_2) = (g1(0)?, g1(G1_BYTES)?, g2(2 * G1_BYTES)?);
        let (delta, delta_2) = (g1(2 * G1_BYTES + 2 * G2_BYTES)?, g2(3 * G1_BYTES + 2 * G2_BYTES)?);
        let [wires, public_signals, domain] = [wires, public_signals, domain].map(|number| number as usize);
        Ok(Self { contents, wires, public_signals, domain, alpha, beta, beta_2, delta, delta_2, entries, order, points })
    }

    /// Points of A, one a wire.
    pub fn a_points(&self) -> &[u8] {
        &self.contents[self.points[0].clone()]
    }

    /// Points of B in the first group, one a wire.
    pub fn b_points(&self) -> &[u8] {
        &self.contents[self.points[1].clone()]
    }

    /// Points of B in the second group, one a wire.
    pub fn b_2_points(&self) -> &[u8] {
        &self.contents[self.points[2].clone()]
    }

    /// Points of C, one a wire that is not public.
    pub fn c_points(&self) -> &[u8] {
        &self.contents[self.points[3].clone()]
    }

    /// Points of H, one a row.
    pub fn h_points(&self) -> &[u8] {
        &self.contents[self.points[4].clone()]
    }

    /// Number of coefficients.
    pub fn entries(&self) -> usize {
        self.entries.len() / ENTRY_BYTES
    }

    /// The coefficient at a place in the order of rows.
    #[inline(always)]
    pub fn entry(&self, place: usize) -> Entry {
        let place = self.order.as_ref().map_or(place, |order| order[place] as usize);
        Entry::at(&self.contents[self.entries.clone()], place)
    }
}

fn is_modulus<M: Modulus>(bytes: &[u8]) -> bool {
    u32_at(bytes, 0) as usize == ELEMENT_BYTES && limbs(&bytes[4..]) == M::LIMBS
}

/// With delta at infinity blinding would be none.
fn point<G: Group>(bytes: &[u8]) -> Option<Affine<G>> {
    Affine::from_bytes(bytes).filter(|point| point.is_on_curve() && !point.is_infinity())
}

fn unreadable(path: &Path, error: &std::io::Error) -> Refusal {
    Refusal::new(Code::Key, format!("{} cannot be read ({error}): name a proving key", path.display()))
}
