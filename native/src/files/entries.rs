//! Coefficients of the matrices A and B, as section 4 of a key holds them.

use super::scan::{CHUNK, ELEMENT_BYTES, limbs};
use super::sections::u32_at;
use crate::arithmetic::{Limbs, Modulus, ScalarField, less_than};
use crate::threads::{Task, Workers};

/// Bytes of one: matrix, row and wire, four bytes each, and the value.
pub const ENTRY_BYTES: usize = 12 + ELEMENT_BYTES;

/// A coefficient that is not 0.
#[derive(Clone, Copy)]
pub struct Entry {
    /// Whether it is of B.
    pub is_b: bool,
    /// The constraint.
    pub row: usize,
    /// The wire.
    pub wire: usize,
    /// The coefficient times 2^512: its Montgomery form once more.
    pub value: Limbs,
}

impl Entry {
    /// From a section's bytes.
    #[inline(always)]
    pub fn at(section: &[u8], place: usize) -> Self {
        let bytes = &section[ENTRY_BYTES * place..][..ENTRY_BYTES];
        Self { is_b: u32_at(bytes, 0) == 1, row: row(bytes), wire: u32_at(bytes, 8) as usize, value: limbs(&bytes[12..]) }
    }
}

/// Whether all are in the order of rows, as snarkjs writes them; or the place of the first that is of no matrix, row or wire of the key, or whose
/// value is not below the modulus.
pub fn check(workers: &Workers, section: &[u8], wires: u32, domain: u32) -> Result<bool, usize> {
    let fits = |entry: &[u8]| {
        u32_at(entry, 0) <= 1 && u32_at(entry, 4) < domain && u32_at(entry, 8) < wires && less_than(&limbs(&entry[12..]), &ScalarField::LIMBS)
    };
    let tasks = section.chunks(CHUNK * ENTRY_BYTES).enumerate().map(|(number, chunk)| {
        Box::new(move || {
            let start = number * CHUNK * ENTRY_BYTES;
            // The last of the chunk before, too.
            let mut before = if start == 0 { 0 } else { row(&section[start - ENTRY_BYTES..]) };
            let mut sorted = true;
            for (place, entry) in chunk.chunks_exact(ENTRY_BYTES).enumerate() {
                if !fits(entry) {
                    return Err(number * CHUNK + place);
                }
                sorted &= before <= row(entry);
                before = row(entry);
            }
            Ok(sorted)
        }) as Task<'_, Result<bool, usize>>
    });
    workers.run(tasks.collect()).into_iter().try_fold(true, |sorted, chunk| Ok(sorted & chunk?))
}

/// The places of all entries in the order of rows. Requires entries that were checked.
pub fn by_rows(section: &[u8], domain: usize) -> Vec<u32> {
    let rows = || section.chunks_exact(ENTRY_BYTES).map(row);
    let mut next = vec![0u32; domain + 1];
    rows().for_each(|row| next[row + 1] += 1);
    (0..domain).for_each(|row| next[row + 1] += next[row]);
    let mut order = vec![0; section.len() / ENTRY_BYTES];
    for (place, row) in (0..).zip(rows()) {
        order[next[row] as usize] = place;
        next[row] += 1;
    }
    order
}

#[inline(always)]
fn row(entry: &[u8]) -> usize {
    u32_at(entry, 4) as usize
}
