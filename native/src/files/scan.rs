//! Checks of all numbers in a file at once.

use crate::arithmetic::{Limbs, Modulus, less_than};
use crate::threads::{Task, Workers};

/// Bytes of a number.
pub const ELEMENT_BYTES: usize = 32;
/// Items that one task looks at.
const CHUNK: usize = 1 << 14;

/// Four limbs of 32 bytes.
#[inline(always)]
pub fn limbs(bytes: &[u8]) -> Limbs {
    let limb = |place: usize| u64::from_le_bytes(bytes[8 * place..8 * place + 8].try_into().expect("eight bytes"));
    [limb(0), limb(1), limb(2), limb(3)]
}

/// The first number that is not below the modulus. Requires whole numbers.
pub fn first_too_large<M: Modulus>(workers: &Workers, bytes: &[u8]) -> Option<usize> {
    first(workers, bytes, ELEMENT_BYTES, |element| {
        // The highest limb nearly always decides.
        let highest = u64::from_le_bytes(element[24..32].try_into().expect("eight bytes"));
        highest >= M::LIMBS[3] && !less_than(&limbs(element), &M::LIMBS)
    })
}

/// The first of many items of so many bytes of which this is true.
pub fn first(workers: &Workers, bytes: &[u8], item_bytes: usize, is_wrong: impl Fn(&[u8]) -> bool + Sync) -> Option<usize> {
    let is_wrong = &is_wrong;
    let tasks = bytes
        .chunks(CHUNK * item_bytes)
        .map(|chunk| Box::new(move || chunk.chunks_exact(item_bytes).position(is_wrong)) as Task<'_, Option<usize>>)
        .collect();
    workers.run(tasks).into_iter().enumerate().find_map(|(task, found)| found.map(|place| task * CHUNK + place))
}
