//! Points by their coordinates, as keys hold them.

use super::Accumulator;
use crate::arithmetic::{Arithmetic, Limbs};
use crate::field::{Field, Fq, Fq2};
use std::fmt::Debug;

/// One of the two groups, with the arithmetic of its coordinates.
pub trait Group: Copy + Send + Sync + Eq + Debug + 'static {
    /// Of the coordinates.
    type Coordinate: Field;
    /// Bytes of a point in a key.
    const POINT_BYTES: usize = 2 * Self::Coordinate::BYTES;
    /// b of the curve's equation.
    fn b() -> Self::Coordinate;
    /// The generator that EIP-196 and EIP-197 name.
    fn generator() -> Affine<Self>;
}

/// A point, or the point at infinity, which is written as (0, 0): no point of either curve has these coordinates.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Affine<G: Group> {
    /// First coordinate.
    pub x: G::Coordinate,
    /// Second coordinate.
    pub y: G::Coordinate,
}

impl<G: Group> Affine<G> {
    /// The neutral element.
    pub const INFINITY: Self = Self { x: G::Coordinate::ZERO, y: G::Coordinate::ZERO };

    /// Whether it is the neutral element.
    #[inline(always)]
    pub fn is_infinity(&self) -> bool {
        self.x.is_zero() && self.y.is_zero()
    }

    /// Whether it is the neutral element or on the curve. Says nothing of the subgroup, which matters in the second group.
    pub fn is_on_curve(&self) -> bool {
        self.is_infinity() || self.y.square() == self.x.square() * self.x + G::b()
    }

    /// From a key's bytes; `None` where a coordinate is not below the modulus. Requires `POINT_BYTES` bytes.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (x, y) = bytes[..G::POINT_BYTES].split_at(G::Coordinate::BYTES);
        Some(Self { x: G::Coordinate::from_montgomery_bytes(x)?, y: G::Coordinate::from_montgomery_bytes(y)? })
    }

    /// The same for bytes that were checked before.
    #[inline(always)]
    pub fn from_checked_bytes(bytes: &[u8]) -> Self {
        let (x, y) = bytes[..G::POINT_BYTES].split_at(G::Coordinate::BYTES);
        Self { x: G::Coordinate::from_checked_bytes(x), y: G::Coordinate::from_checked_bytes(y) }
    }

    /// As a key holds it. Requires `POINT_BYTES` bytes.
    #[inline(always)]
    pub fn write_bytes(&self, bytes: &mut [u8]) {
        let (x, y) = bytes[..G::POINT_BYTES].split_at_mut(G::Coordinate::BYTES);
        self.x.write_montgomery_bytes(x);
        self.y.write_montgomery_bytes(y);
    }

    /// The point with its sign changed.
    #[inline(always)]
    pub fn negate(&self) -> Self {
        Self { x: self.x, y: -self.y }
    }

    /// The point times a number, bit by bit: for single products.
    pub fn multiply(&self, scalar: &Limbs) -> Accumulator<G> {
        let mut result = Accumulator::INFINITY;
        for limb in scalar.iter().rev() {
            for bit in (0..64).rev() {
                result = result.double();
                if limb >> bit & 1 == 1 {
                    result.add_affine(self);
                }
            }
        }
        result
    }
}

/// The first group, over the base field.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct G1<A>(std::marker::PhantomData<A>);

/// The second group, over the quadratic extension.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct G2<A>(std::marker::PhantomData<A>);

impl<A: Arithmetic> Group for G1<A> {
    type Coordinate = Fq<A>;

    fn b() -> Fq<A> {
        Fq::from_u64(3)
    }

    fn generator() -> Affine<Self> {
        Affine { x: Fq::ONE, y: Fq::from_u64(2) }
    }
}

impl<A: Arithmetic> Group for G2<A> {
    type Coordinate = Fq2<A>;

    /// 3 / (9 + u)
    fn b() -> Fq2<A> {
        let twist = Fq2::new(Fq::from_u64(9), Fq::ONE).invert().expect("not 0");
        Fq2::new(Fq::from_u64(3), Fq::ZERO) * twist
    }

    fn generator() -> Affine<Self> {
        let element = |limbs: Limbs| Fq::from_canonical(&limbs).expect("below the modulus");
        Affine {
            x: Fq2::new(
                element([0x46de_bd5c_d992_f6ed, 0x6743_22d4_f75e_dadd, 0x426a_0066_5e5c_4479, 0x1800_deef_121f_1e76]),
                element([0x97e4_85b7_aef3_12c2, 0xf1aa_4933_35a9_e712, 0x7260_bfb7_31fb_5d25, 0x198e_9393_920d_483a]),
            ),
            y: Fq2::new(
                element([0x4ce6_cc01_66fa_7daa, 0xe3d1_e769_0c43_d37b, 0x4aab_7180_8dcb_408f, 0x12c8_5ea5_db8c_6deb]),
                element([0x55ac_dadc_d122_975b, 0xbc4b_3133_70b3_8ef3, 0xec9e_99ad_690c_3395, 0x0906_89d0_585f_f075]),
            ),
        }
    }
}
