//! Memory that is cleared when it is given back.

use std::hint::black_box;
use std::ops::{Deref, DerefMut};

/// Plain numbers without pointers or invariants: what may be overwritten with its default.
pub trait Plain: Copy + Default + Send + Sync {}

impl Plain for u8 {}
impl Plain for u32 {}
impl Plain for i32 {}
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

/// Secret numbers that are listed one by one, up to a count known before; cleared as `Secret` is.
pub struct SecretList<T: Plain> {
    numbers: Vec<T>,
    /// The most that were listed at once: what is beyond was never filled.
    filled: usize,
}

impl<T: Plain> SecretList<T> {
    /// Without numbers yet, with room for so many. Room costs memory only when it is filled.
    pub fn with_room(most: usize) -> Self {
        Self { numbers: Vec::with_capacity(most), filled: 0 }
    }

    /// Appends a number. Requires room: growing would leave a copy behind.
    #[inline(always)]
    pub fn push(&mut self, number: T) {
        assert!(self.numbers.len() < self.numbers.capacity(), "a list of secrets is full");
        self.numbers.push(number);
    }

    /// Puts other numbers in the place of all. Requires room.
    #[inline(always)]
    pub fn replace(&mut self, numbers: impl ExactSizeIterator<Item = T>) {
        assert!(numbers.len() <= self.numbers.capacity(), "a list of secrets is full");
        self.filled = self.filled.max(self.numbers.len());
        self.numbers.clear();
        self.numbers.extend(numbers);
    }
}

impl<T: Plain> Drop for SecretList<T> {
    fn drop(&mut self) {
        self.numbers.resize(self.filled.max(self.numbers.len()), T::default());
        self.numbers.fill(T::default());
        black_box(&mut self.numbers);
    }
}

impl<T: Plain> Deref for SecretList<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.numbers
    }
}

impl<T: Plain> DerefMut for SecretList<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.numbers
    }
}

impl<T: Plain> std::fmt::Debug for SecretList<T> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "SecretList({})", self.numbers.len())
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

    #[test]
    fn a_list_keeps_what_it_is_given() {
        let mut list = SecretList::with_room(3);
        list.push(1u32);
        list.push(2);
        assert_eq!(list[..], [1, 2]);
        list.replace([3, 4, 5].into_iter());
        assert_eq!(list[..], [3, 4, 5]);
        assert_eq!(format!("{list:?}"), "SecretList(3)");
    }

    #[test]
    #[should_panic(expected = "a list of secrets is full")]
    fn a_list_does_not_grow() {
        let mut list = SecretList::with_room(1);
        (0..100).for_each(|number: u32| list.push(number));
    }
}
