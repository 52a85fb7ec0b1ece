//! One element of a prime field.

use super::Field;
use super::inverse::inverse;
use crate::arithmetic::{Arithmetic, Limbs, Modulus, less_than, portable_add, portable_subtract, reduce_once};
use std::marker::PhantomData;
use std::ops::{Add, Mul, Neg, Sub};

/// An element of the field with modulus M, in Montgomery form, reduced, multiplied by A.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(transparent)]
pub struct Element<M, A> {
    limbs: Limbs,
    kind: PhantomData<(M, A)>,
}

impl<M: Modulus, A: Arithmetic> Element<M, A> {
    /// 0
    pub const ZERO: Self = Self::from_montgomery([0; 4]);
    /// 1
    pub const ONE: Self = Self::from_montgomery(M::ONE);

    /// From limbs in Montgomery form that are below the modulus.
    #[inline(always)]
    pub const fn from_montgomery(limbs: Limbs) -> Self {
        Self { limbs, kind: PhantomData }
    }

    /// Limbs in Montgomery form.
    #[inline(always)]
    pub const fn montgomery(&self) -> Limbs {
        self.limbs
    }

    /// From a number; `None` unless it is below the modulus.
    #[inline(always)]
    pub fn from_canonical(limbs: &Limbs) -> Option<Self> {
        less_than(limbs, &M::LIMBS).then(|| Self::from_montgomery(A::multiply::<M>(limbs, &M::SQUARED_RADIX)))
    }

    /// From a small number.
    pub fn from_u64(value: u64) -> Self {
        Self::from_montgomery(A::multiply::<M>(&[value, 0, 0, 0], &M::SQUARED_RADIX))
    }

    /// The number it stands for, below the modulus.
    #[inline(always)]
    pub fn canonical(&self) -> Limbs {
        A::multiply::<M>(&self.limbs, &[1, 0, 0, 0])
    }

    /// To the power of a number of any length, lowest limb first.
    pub fn pow(&self, exponent: &[u64]) -> Self {
        let mut result = Self::ONE;
        for limb in exponent.iter().rev() {
            for bit in (0..64).rev() {
                result = result.square();
                if limb >> bit & 1 == 1 {
                    result = result * *self;
                }
            }
        }
        result
    }

    /// The same element for other arithmetic.
    #[inline(always)]
    pub const fn with<Other: Arithmetic>(&self) -> Element<M, Other> {
        Element::from_montgomery(self.limbs)
    }
}

impl<M: Modulus, A: Arithmetic> Field for Element<M, A> {
    const ZERO: Self = Self::ZERO;
    const ONE: Self = Self::ONE;
    const BYTES: usize = 32;

    #[inline(always)]
    fn square(&self) -> Self {
        Self::from_montgomery(A::square::<M>(&self.limbs))
    }

    #[inline(always)]
    fn double(&self) -> Self {
        *self + *self
    }

    fn invert(&self) -> Option<Self> {
        // 1 / (x 2^256), where 2^256 / x is wanted.
        let of_form = inverse::<M>(&self.limbs)?;
        let squared_radix = Self::from_montgomery(M::SQUARED_RADIX);
        Some(Self::from_montgomery(of_form) * squared_radix * squared_radix)
    }

    fn from_montgomery_bytes(bytes: &[u8]) -> Option<Self> {
        let element = Self::from_checked_bytes(bytes);
        less_than(&element.limbs, &M::LIMBS).then_some(element)
    }

    #[inline(always)]
    fn from_checked_bytes(bytes: &[u8]) -> Self {
        let limb = |place: usize| u64::from_le_bytes(bytes[8 * place..8 * place + 8].try_into().expect("eight bytes"));
        Self::from_montgomery([limb(0), limb(1), limb(2), limb(3)])
    }

    #[inline(always)]
    fn write_montgomery_bytes(&self, bytes: &mut [u8]) {
        for (limb, part) in self.limbs.iter().zip(bytes[..32].chunks_exact_mut(8)) {
            part.copy_from_slice(&limb.to_le_bytes());
        }
    }
}

impl<M: Modulus, A: Arithmetic> Add for Element<M, A> {
    type Output = Self;
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self::from_montgomery(reduce_once::<M>(&portable_add(&self.limbs, &other.limbs)))
    }
}

impl<M: Modulus, A: Arithmetic> Sub for Element<M, A> {
    type Output = Self;
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        let (difference, borrow) = portable_subtract(&self.limbs, &other.limbs);
        // Without a branch: which way it goes cannot be foreseen.
        let mask = 0u64.wrapping_sub(u64::from(borrow));
        let p = M::LIMBS;
        // Wraps back over 2^256 where it was borrowed.
        let masked = [p[0] & mask, p[1] & mask, p[2] & mask, p[3] & mask];
        Self::from_montgomery(portable_add(&difference, &masked))
    }
}

impl<M: Modulus, A: Arithmetic> Mul for Element<M, A> {
    type Output = Self;
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        Self::from_montgomery(A::multiply::<M>(&self.limbs, &other.limbs))
    }
}

impl<M: Modulus, A: Arithmetic> Neg for Element<M, A> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self::ZERO - self
    }
}

/// Inverts all elements in place for one inversion and three products each; 0 stays 0.
pub fn batch_invert<F: Field>(elements: &mut [F]) {
    let mut products = Vec::with_capacity(elements.len());
    let mut product = F::ONE;
    for element in elements.iter() {
        products.push(product);
        if !element.is_zero() {
            product = product * *element;
        }
    }
    let mut inverse = product.invert().expect("a product of elements that are not 0");
    for (element, before) in elements.iter_mut().zip(products).rev() {
        if element.is_zero() {
            continue;
        }
        let inverted = inverse * before;
        inverse = inverse * *element;
        *element = inverted;
    }
}
