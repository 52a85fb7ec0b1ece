//! Poseidon over the scalar field, as circomlib has it, in bulk.

#[cfg(target_arch = "x86_64")]
mod eight;
mod matrix;
mod parameters;
mod schedule;
mod single;

use crate::arithmetic::{Arithmetic, Cpu, Limbs, Modulus, Portable, ScalarField, less_than};
use crate::field::Fr;
use schedule::Schedule;
use std::sync::OnceLock;

/// Most inputs of one hash.
pub const MOST_INPUTS: usize = 16;
/// Bytes of an element.
pub const ELEMENT_BYTES: usize = 32;
/// Most elements of a state.
const WIDEST: usize = MOST_INPUTS + 1;

/// An input that is not below the modulus.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotCanonical {
    /// Its place among all elements.
    pub place: usize,
}

/// Hashes `inputs` elements at a time on the calling thread. Elements and hashes are canonical, 32 bytes, little-endian. Where an element is
/// refused, nothing is written.
///
/// Requires 1 to 16 inputs, elements for as many whole hashes as `out` has room for.
pub fn hash_many(cpu: Cpu, inputs: usize, elements: &[u8], out: &mut [u8]) -> Result<(), NotCanonical> {
    assert!((1..=MOST_INPUTS).contains(&inputs), "Poseidon takes 1 to 16 inputs");
    assert!(out.len().is_multiple_of(ELEMENT_BYTES) && elements.len() == out.len() * inputs, "as many hashes as there is room for");
    if let Some(place) = elements.chunks_exact(ELEMENT_BYTES).position(|bytes| !less_than(&limbs(bytes), &ScalarField::LIMBS)) {
        return Err(NotCanonical { place });
    }
    match cpu {
        Cpu::Portable => one_by_one::<Portable>(inputs, elements, out),
        #[cfg(target_arch = "x86_64")]
        Cpu::Adx => one_by_one::<crate::arithmetic::Adx>(inputs, elements, out),
        #[cfg(target_arch = "x86_64")]
        Cpu::Ifma => eight_by_eight(inputs, elements, out),
        #[cfg(not(target_arch = "x86_64"))]
        _ => one_by_one::<Portable>(inputs, elements, out),
    }
    Ok(())
}

fn one_by_one<A: Arithmetic>(inputs: usize, elements: &[u8], out: &mut [u8]) {
    let schedule = schedule(inputs);
    let mut state = [Fr::<A>::ZERO; MOST_INPUTS];
    for (elements, hash) in elements.chunks_exact(ELEMENT_BYTES * inputs).zip(out.chunks_exact_mut(ELEMENT_BYTES)) {
        for (element, bytes) in state.iter_mut().zip(elements.chunks_exact(ELEMENT_BYTES)) {
            *element = Fr::from_canonical(&limbs(bytes)).expect("checked before");
        }
        write(&single::hash(schedule, &state[..inputs]).canonical(), hash);
    }
}

/// The last ones' lanes are filled up with zeros.
#[cfg(target_arch = "x86_64")]
fn eight_by_eight(inputs: usize, elements: &[u8], out: &mut [u8]) {
    use crate::lanes::{COUNT, Constant};
    static SCHEDULES: [OnceLock<Schedule<eight::C>>; MOST_INPUTS] = [const { OnceLock::new() }; MOST_INPUTS];
    let schedule = SCHEDULES[inputs - 1].get_or_init(|| schedule(inputs).map(|constant| Constant::new(&constant.montgomery())));
    let group = ELEMENT_BYTES * COUNT;
    for (elements, hashes) in elements.chunks(group * inputs).zip(out.chunks_mut(group)) {
        let mut numbers = [[[0; 4]; COUNT]; MOST_INPUTS];
        for (place, bytes) in elements.chunks_exact(ELEMENT_BYTES).enumerate() {
            numbers[place % inputs][place / inputs] = limbs(bytes);
        }
        let by_lane: [[&Limbs; COUNT]; MOST_INPUTS] = std::array::from_fn(|input| std::array::from_fn(|lane| &numbers[input][lane]));
        // SAFETY: `Cpu::Ifma` is chosen only where the processor has these features.
        #[allow(unsafe_code)]
        let hashed = unsafe { eight::hash(schedule, &by_lane[..inputs]) };
        for (hash, number) in hashes.chunks_exact_mut(ELEMENT_BYTES).zip(&hashed) {
            write(number, hash);
        }
    }
}

/// Made at the first use of each width: 20 ms for the widest.
fn schedule(inputs: usize) -> &'static Schedule<Fr<Portable>> {
    static SCHEDULES: [OnceLock<Schedule<Fr<Portable>>>; MOST_INPUTS] = [const { OnceLock::new() }; MOST_INPUTS];
    SCHEDULES[inputs - 1].get_or_init(|| Schedule::new(inputs))
}

fn limbs(bytes: &[u8]) -> Limbs {
    std::array::from_fn(|place| u64::from_le_bytes(bytes[8 * place..8 * place + 8].try_into().expect("eight bytes")))
}

fn write(number: &Limbs, bytes: &mut [u8]) {
    for (limb, place) in number.iter().zip(bytes.chunks_exact_mut(8)) {
        place.copy_from_slice(&limb.to_le_bytes());
    }
}

#[cfg(test)]
mod tests;
