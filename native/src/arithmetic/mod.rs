//! Products of 256-bit numbers modulo one of the two primes of BN254, in the ways that processors offer.
//!
//! A number is four 64-bit limbs, lowest first, in Montgomery form with R = 2^256, fully reduced: below the modulus.

#[cfg(target_arch = "x86_64")]
mod adx;
mod cpu;
mod modulus;
mod portable;

#[cfg(target_arch = "x86_64")]
pub use adx::Adx;
pub use cpu::Cpu;
pub(crate) use modulus::power_of_two;
pub use modulus::{BaseField, Limbs, Modulus, ScalarField, less_than};
pub use portable::Portable;
pub(crate) use portable::{add as portable_add, reduce_once, subtract as portable_subtract};

/// A way to multiply. Types that carry it are chosen once, far outside the loops.
pub trait Arithmetic: Copy + Send + Sync + Eq + std::fmt::Debug + 'static {
    /// `a * b / 2^256 mod p`, reduced. Requires a, b below the modulus.
    fn multiply<M: Modulus>(a: &Limbs, b: &Limbs) -> Limbs;

    /// `a^2 / 2^256 mod p`, reduced. Requires a below the modulus.
    #[inline(always)]
    fn square<M: Modulus>(a: &Limbs) -> Limbs {
        Self::multiply::<M>(a, a)
    }
}

#[cfg(test)]
mod tests;
