//! Scalars by their kinds. Of a circuit's wires most are 0 or 1, and many of the others short.

use super::points::{Entry, Points};
use crate::arithmetic::{Limbs, Modulus, ScalarField};
use crate::secret::SecretList;

/// Numbers below the scalar field's modulus.
#[derive(Clone, Copy, Debug)]
pub enum Scalars<'a> {
    /// 32 bytes each, little-endian: a witness.
    Canonical(&'a [u8]),
    /// Limbs, not in Montgomery form.
    Limbs(&'a [Limbs]),
}

impl Scalars<'_> {
    /// How many.
    pub fn len(&self) -> usize {
        match self {
            Self::Canonical(bytes) => bytes.len() / 32,
            Self::Limbs(limbs) => limbs.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    #[inline(always)]
    pub(super) fn get(&self, index: usize) -> Limbs {
        match self {
            Self::Canonical(bytes) => {
                let bytes: &[u8; 32] = bytes[32 * index..32 * index + 32].try_into().expect("32 bytes");
                let limb = |place: usize| u64::from_le_bytes(bytes[8 * place..8 * place + 8].try_into().expect("eight bytes"));
                [limb(0), limb(1), limb(2), limb(3)]
            }
            Self::Limbs(limbs) => limbs[index],
        }
    }
}

/// Bits of a short scalar.
pub(super) const SHORT_BITS: u32 = 64;

/// Which points have scalars of which kind. Scalars 0 and points at infinity are in none.
pub(super) struct Kinds {
    /// 1 or -1.
    pub ones: SecretList<Entry>,
    /// From -(2^64 - 1) to 2^64 - 1, others.
    pub short: SecretList<Entry>,
    /// All others. Never negative.
    pub dense: SecretList<Entry>,
}

impl Kinds {
    pub fn of(points: Points, scalars: Scalars) -> Self {
        let list = || SecretList::with_room(scalars.len());
        let mut kinds = Self { ones: list(), short: list(), dense: list() };
        for index in 0..scalars.len() {
            let scalar = scalars.get(index);
            if scalar == [0; 4] || points.is_infinity(index) {
                continue;
            }
            let negative = negated_short(&scalar);
            let entry = Entry::new(index, negative.is_some());
            let list = match negative.unwrap_or(scalar) {
                [1, 0, 0, 0] => &mut kinds.ones,
                [_, 0, 0, 0] => &mut kinds.short,
                _ => &mut kinds.dense,
            };
            list.push(entry);
        }
        kinds
    }
}

/// The short number of which this scalar is the negative, if it is one: negative wires are close below the modulus.
#[inline(always)]
fn negated_short(scalar: &Limbs) -> Option<Limbs> {
    let p = ScalarField::LIMBS;
    if scalar[3] != p[3] || scalar[2] != p[2] {
        return None;
    }
    let (low, borrow) = p[0].overflowing_sub(scalar[0]);
    (p[1].wrapping_sub(u64::from(borrow)) == scalar[1]).then_some([low, 0, 0, 0])
}

/// The number whose digits an entry's point is multiplied by: without its sign.
#[inline(always)]
pub(super) fn magnitude(scalars: Scalars, entry: Entry) -> Limbs {
    let scalar = scalars.get(entry.index());
    if entry.is_negative() { [ScalarField::LIMBS[0].wrapping_sub(scalar[0]), 0, 0, 0] } else { scalar }
}
