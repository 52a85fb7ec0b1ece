//! How large lazily reduced numbers may have become: followed in builds with debug assertions, nothing in others.

/// All lanes are below this many times the modulus.
#[derive(Clone, Copy, Debug)]
pub struct Bound(#[cfg(debug_assertions)] u32);

/// 2^260 is 84.6 times either modulus: what is below this multiple has five limbs.
pub const MOST: u32 = 84;

impl Bound {
    /// Below `multiple` times the modulus.
    #[inline(always)]
    pub const fn new(multiple: u32) -> Self {
        #[cfg(debug_assertions)]
        assert!(multiple <= MOST, "a number may exceed 2^260");
        #[cfg(not(debug_assertions))]
        let _ = multiple;
        Self(
            #[cfg(debug_assertions)]
            multiple,
        )
    }

    /// Nothing at all: of a sum without terms.
    pub const NOTHING: Self = Self::new(0);

    /// Of a sum.
    #[inline(always)]
    pub fn plus(self, other: Self) -> Self {
        #[cfg(debug_assertions)]
        return Self::new(self.0 + other.0);
        #[cfg(not(debug_assertions))]
        other
    }

    /// Of a product, in squares of the modulus. A reduction leads from 84 of these to below twice the modulus:
    /// (84 p^2 + 2^260 p) / 2^260 = p (1 + 84 / 84.6).
    #[inline(always)]
    pub fn times(self, other: Self) -> Self {
        #[cfg(debug_assertions)]
        return Self::new(self.0 * other.0);
        #[cfg(not(debug_assertions))]
        other
    }

    /// Of one or the other.
    #[inline(always)]
    pub fn or(self, other: Self) -> Self {
        #[cfg(debug_assertions)]
        return Self::new(self.0.max(other.0));
        #[cfg(not(debug_assertions))]
        other
    }

    /// Panics, with debug assertions, unless it is at most `multiple`.
    #[inline(always)]
    pub fn require(self, multiple: u32) {
        #[cfg(debug_assertions)]
        assert!(self.0 <= multiple, "a number below {} times the modulus where {multiple} times is the limit", self.0);
        #[cfg(not(debug_assertions))]
        let _ = multiple;
    }
}
