//! Points in a form that needs no inversion to be added to.

use super::{Affine, Group};
use crate::field::Field;

/// A point as (X, Y, ZZ, ZZZ) with x = X/ZZ, y = Y/ZZZ, ZZ^3 = ZZZ^2; ZZ = 0 is the point at infinity. Formulas of the Explicit-Formulas
/// Database, "XYZZ coordinates for short Weierstrass curves" with a = 0.
#[derive(Clone, Copy, Debug)]
pub struct Accumulator<G: Group> {
    x: G::Coordinate,
    y: G::Coordinate,
    zz: G::Coordinate,
    zzz: G::Coordinate,
}

impl<G: Group> Accumulator<G> {
    /// The neutral element.
    pub const INFINITY: Self = Self { x: G::Coordinate::ONE, y: G::Coordinate::ONE, zz: G::Coordinate::ZERO, zzz: G::Coordinate::ZERO };

    /// Whether it is the neutral element.
    #[inline(always)]
    pub fn is_infinity(&self) -> bool {
        self.zz.is_zero()
    }

    /// Adds a point in affine form. Complete: doubles, cancels and takes infinity.
    #[inline]
    pub fn add_affine(&mut self, other: &Affine<G>) {
        if other.is_infinity() {
            return;
        }
        if self.is_infinity() {
            *self = (*other).into();
            return;
        }
        let p = other.x * self.zz - self.x;
        let r = other.y * self.zzz - self.y;
        if p.is_zero() {
            *self = if r.is_zero() { double_affine(other) } else { Self::INFINITY };
            return;
        }
        let pp = p.square();
        let ppp = p * pp;
        let q = self.x * pp;
        let x = r.square() - ppp - q.double();
        self.y = r * (q - x) - self.y * ppp;
        self.x = x;
        self.zz = self.zz * pp;
        self.zzz = self.zzz * ppp;
    }

    /// Adds another accumulator. Complete.
    #[inline]
    pub fn add(&mut self, other: &Self) {
        if other.is_infinity() {
            return;
        }
        if self.is_infinity() {
            *self = *other;
            return;
        }
        let u = self.x * other.zz;
        let s = self.y * other.zzz;
        let p = other.x * self.zz - u;
        let r = other.y * self.zzz - s;
        if p.is_zero() {
            *self = if r.is_zero() { self.double() } else { Self::INFINITY };
            return;
        }
        let pp = p.square();
        let ppp = p * pp;
        let q = u * pp;
        self.x = r.square() - ppp - q.double();
        self.y = r * (q - self.x) - s * ppp;
        self.zz = self.zz * other.zz * pp;
        self.zzz = self.zzz * other.zzz * ppp;
    }

    /// The point twice. No point of either group has order 2.
    #[inline]
    pub fn double(&self) -> Self {
        if self.is_infinity() {
            return Self::INFINITY;
        }
        let u = self.y.double();
        let v = u.square();
        let w = u * v;
        let s = self.x * v;
        let square = self.x.square();
        let m = square.double() + square;
        let x = m.square() - s.double();
        Self { x, y: m * (s - x) - w * self.y, zz: v * self.zz, zzz: w * self.zzz }
    }

    /// The point with its sign changed.
    #[inline(always)]
    pub fn negate(&self) -> Self {
        Self { y: -self.y, ..*self }
    }

    /// By its coordinates; costs an inversion.
    pub fn to_affine(&self) -> Affine<G> {
        // 1/ZZ = ZZ^2/ZZZ^2, so one inversion serves both.
        let Some(inverse) = self.zzz.invert() else {
            return Affine::INFINITY;
        };
        let z = self.zz * inverse;
        Affine { x: self.x * z.square(), y: self.y * inverse }
    }
}

impl<G: Group> From<Affine<G>> for Accumulator<G> {
    #[inline(always)]
    fn from(point: Affine<G>) -> Self {
        if point.is_infinity() {
            return Self::INFINITY;
        }
        Self { x: point.x, y: point.y, zz: G::Coordinate::ONE, zzz: G::Coordinate::ONE }
    }
}

impl<G: Group> PartialEq for Accumulator<G> {
    fn eq(&self, other: &Self) -> bool {
        match (self.is_infinity(), other.is_infinity()) {
            (false, false) => self.x * other.zz == other.x * self.zz && self.y * other.zzz == other.y * self.zzz,
            (left, right) => left == right,
        }
    }
}

fn double_affine<G: Group>(point: &Affine<G>) -> Accumulator<G> {
    Accumulator::from(*point).double()
}
