//! Checks of all numbers in a file at once.

use crate::arithmetic::{Limbs, Modulus, less_than};
use crate::threads::{Task, Workers};

/// Bytes of a number.
pub const ELEMENT_BYTES: usize = 32;
/// Items that one task looks at.
pub const CHUNK: usize = 1 << 14;

/// Four limbs of 32 bytes.
#[inline(always)]
pub fn limbs(bytes: &[u8]) -> Limbs {
    let limb = |place: usize| u64::from_le_bytes(bytes[8 * place..8 * place + 8].try_into().expect("eight bytes"));
    [limb(0), limb(1), limb(2), limb(3)]
}

/// The first number that is not below the modulus. Requires whole numbers.
pub fn first_too_large<M: Modulus>(workers: &Workers, bytes: &[u8]) -> Option<usize> {
    let is_too_large = |number: &[u8]| {
        // The highest limb nearly always decides.
        let highest = u64::from_le_bytes(number[24..32].try_into().expect("eight bytes"));
        highest >= M::LIMBS[3] && !less_than(&limbs(number), &M::LIMBS)
    };
    let chunks = bytes.chunks(CHUNK * ELEMENT_BYTES);
    let tasks = chunks.map(|chunk| Box::new(move || chunk.chunks_exact(ELEMENT_BYTES).position(is_too_large)) as Task<'_, Option<usize>>);
    let results = workers.run(tasks.collect());
    results.into_iter().enumerate().find_map(|(task, found)| found.map(|place| task * CHUNK + place))
}
