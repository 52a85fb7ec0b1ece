//! The base field with a root of -1.

use super::{Field, Fq};
use crate::arithmetic::Arithmetic;
use std::ops::{Add, Mul, Neg, Sub};

/// `c0 + c1 * u` with `u^2 = -1`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Quadratic<A> {
    /// Of 1.
    pub c0: Fq<A>,
    /// Of u.
    pub c1: Fq<A>,
}

impl<A: Arithmetic> Quadratic<A> {
    /// From both parts.
    #[inline(always)]
    pub const fn new(c0: Fq<A>, c1: Fq<A>) -> Self {
        Self { c0, c1 }
    }
}

impl<A: Arithmetic> Field for Quadratic<A> {
    const ZERO: Self = Self::new(Fq::ZERO, Fq::ZERO);
    const ONE: Self = Self::new(Fq::ONE, Fq::ZERO);
    const BYTES: usize = 64;

    #[inline(always)]
    fn square(&self) -> Self {
        let product = self.c0 * self.c1;
        Self::new((self.c0 + self.c1) * (self.c0 - self.c1), product.double())
    }

    #[inline(always)]
    fn double(&self) -> Self {
        *self + *self
    }

    fn invert(&self) -> Option<Self> {
        let norm = (self.c0.square() + self.c1.square()).invert()?;
        Some(Self::new(self.c0 * norm, -(self.c1 * norm)))
    }

    fn from_montgomery_bytes(bytes: &[u8]) -> Option<Self> {
        Some(Self::new(Fq::from_montgomery_bytes(&bytes[..32])?, Fq::from_montgomery_bytes(&bytes[32..64])?))
    }

    #[inline(always)]
    fn from_checked_bytes(bytes: &[u8]) -> Self {
        Self::new(Fq::from_checked_bytes(&bytes[..32]), Fq::from_checked_bytes(&bytes[32..64]))
    }

    #[inline(always)]
    fn write_montgomery_bytes(&self, bytes: &mut [u8]) {
        self.c0.write_montgomery_bytes(&mut bytes[..32]);
        self.c1.write_montgomery_bytes(&mut bytes[32..64]);
    }
}

impl<A: Arithmetic> Add for Quadratic<A> {
    type Output = Self;
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self::new(self.c0 + other.c0, self.c1 + other.c1)
    }
}

impl<A: Arithmetic> Sub for Quadratic<A> {
    type Output = Self;
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        Self::new(self.c0 - other.c0, self.c1 - other.c1)
    }
}

impl<A: Arithmetic> Mul for Quadratic<A> {
    type Output = Self;
    /// Karatsuba's three products.
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        let first = self.c0 * other.c0;
        let second = self.c1 * other.c1;
        let both = (self.c0 + self.c1) * (other.c0 + other.c1);
        Self::new(first - second, both - first - second)
    }
}

impl<A: Arithmetic> Neg for Quadratic<A> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self::new(-self.c0, -self.c1)
    }
}
