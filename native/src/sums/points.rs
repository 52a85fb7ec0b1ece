//! Points as keys hold them, and references to them.

use crate::curve::{Affine, Group};
use crate::field::Field;
use crate::secret::Plain;

/// A point of a list, or its negative: what is added up.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(super) struct Entry(u32);

impl Plain for Entry {}

impl Entry {
    #[inline(always)]
    pub fn new(index: usize, negative: bool) -> Self {
        Self((index as u32) << 1 | u32::from(negative))
    }

    #[inline(always)]
    pub fn index(self) -> usize {
        (self.0 >> 1) as usize
    }

    #[inline(always)]
    pub fn is_negative(self) -> bool {
        self.0 & 1 == 1
    }

    /// The negative of its point.
    #[inline(always)]
    pub fn negate_if(self, negative: bool) -> Self {
        Self(self.0 ^ u32::from(negative))
    }
}

/// Points of equal size, one after the other.
#[derive(Clone, Copy)]
pub(super) struct Points<'a> {
    pub bytes: &'a [u8],
    pub size: usize,
}

impl<'a> Points<'a> {
    pub fn of<G: Group>(bytes: &'a [u8]) -> Self {
        Self { bytes, size: G::POINT_BYTES }
    }

    pub fn len(&self) -> usize {
        self.bytes.len() / self.size
    }

    #[inline(always)]
    pub fn raw(&self, index: usize) -> &'a [u8] {
        &self.bytes[index * self.size..(index + 1) * self.size]
    }

    pub fn is_infinity(&self, index: usize) -> bool {
        self.raw(index).iter().all(|&byte| byte == 0)
    }

    #[inline(always)]
    pub fn x<G: Group>(&self, entry: Entry) -> G::Coordinate {
        G::Coordinate::from_checked_bytes(self.raw(entry.index()))
    }

    #[inline(always)]
    pub fn get<G: Group>(&self, entry: Entry) -> Affine<G> {
        let point = Affine::from_checked_bytes(self.raw(entry.index()));
        if entry.is_negative() { point.negate() } else { point }
    }
}
