//! Field elements: the scalar field, the base field, and its quadratic extension for the second group.

mod element;
mod inverse;
mod quadratic;

pub use element::{Element, batch_invert};
pub use quadratic::Quadratic;

use crate::arithmetic::{BaseField, ScalarField};
use std::ops::{Add, Mul, Neg, Sub};

/// Scalars, and signals of circuits.
pub type Fr<A> = Element<ScalarField, A>;
/// Coordinates of the first group's points.
pub type Fq<A> = Element<BaseField, A>;
/// Coordinates of the second group's points.
pub type Fq2<A> = Quadratic<A>;

/// What point arithmetic asks of coordinates.
pub trait Field:
    Copy + Send + Sync + Eq + std::fmt::Debug + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Neg<Output = Self> + 'static
{
    /// 0
    const ZERO: Self;
    /// 1
    const ONE: Self;
    /// Bytes of one element in a key: Montgomery form, little-endian.
    const BYTES: usize;

    /// The element squared.
    fn square(&self) -> Self;
    /// The element twice.
    fn double(&self) -> Self;
    /// The inverse; `None` of 0.
    fn invert(&self) -> Option<Self>;
    /// Reads an element in Montgomery form; `None` where a number is not below the modulus. Requires `BYTES` bytes.
    fn from_montgomery_bytes(bytes: &[u8]) -> Option<Self>;
    /// The same for bytes that were checked when the key was opened: what is not reduced is not noticed.
    fn from_checked_bytes(bytes: &[u8]) -> Self;
    /// Writes it in Montgomery form. Requires `BYTES` bytes.
    fn write_montgomery_bytes(&self, bytes: &mut [u8]);
    /// Whether it is 0.
    #[inline(always)]
    fn is_zero(&self) -> bool {
        *self == Self::ZERO
    }
}

#[cfg(test)]
mod tests;
