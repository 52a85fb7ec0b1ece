//! Memory that is cleared when it is given back.

use std::hint::black_box;
use std::ops::{Deref, DerefMut};

/// Plain numbers without pointers or invariants: what may be overwritten with its default.
pub trait Plain: Copy + Default + Send + Sync {}

impl Plain for u8 {}
impl Plain for [u64; 4] {}

/// Secret numbers: cleared when dropped, on every path, also while a panic unwinds. Its length is fixed, so that no copy is left behind by growing.
/// Shows nothing in `Debug`.
pub struct Secret<T: Plain>(Box<[T]>);

impl<T: Plain> Secret<T> {
    /// `count` times zero.
    pub fn zeros(count: usize) -> Self {
        Self(vec![T::default(); count].into_boxed_slice())
    }

    fn clear(&mut self) {
        self.0.fill(T::default());
        // Keeps the compiler from leaving out stores that nobody seems to read.
        black_box(&mut self.0);
    }
}

impl<T: Plain> Drop for Secret<T> {
    fn drop(&mut self) {
        self.clear();
    }
}

impl<T: Plain> Deref for Secret<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T: Plain> DerefMut for Secret<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.0
    }
}

impl<T: Plain> std::fmt::Debug for Secret<T> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Secret({})", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_nothing_and_clears_all() {
        let mut secret = Secret::<[u64; 4]>::zeros(3);
        secret.fill([5, 6, 7, 8]);
        assert_eq!(format!("{secret:?}"), "Secret(3)");
        secret.clear();
        assert_eq!(*secret, [[0; 4]; 3]);
    }
}
