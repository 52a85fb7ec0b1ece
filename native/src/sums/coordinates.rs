//! Coordinates of eight points side by side: N = 1 for the first group, 2 for the second.

use super::points::Entry;
use crate::arithmetic::{BaseField, Limbs};
use crate::lanes::{COUNT, Lanes, Wide};

/// `c0` or `c0 + c1 * u` with `u^2 = -1`.
#[derive(Clone, Copy)]
pub(super) struct Coordinates<const N: usize>(pub [Lanes<BaseField>; N]);

impl<const N: usize> Coordinates<N> {
    /// Coordinate 0 or 1 of eight points, as the numbers that the key holds.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    pub fn load(points: &[[u8; 64]], entries: &[Entry; COUNT], coordinate: usize) -> Self {
        Self(std::array::from_fn(|part| {
            let place = coordinate * N + part;
            let numbers: [Limbs; COUNT] = entries.map(|entry| limbs(&points[entry.index() * N + place / 2], place % 2));
            Lanes::load(numbers.each_ref())
        }))
    }

    /// 1, in whatever form: it only must not be 0.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    pub fn one() -> Self {
        let mut one = [Lanes::zero(); N];
        one[0] = Lanes::one();
        Self(one)
    }

    /// See `Lanes::minus`.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    pub fn minus<const K: u32>(&self, other: &Self) -> Self {
        Self(std::array::from_fn(|part| self.0[part].minus::<K>(&other.0[part])))
    }

    /// See `Lanes::minus_settled`.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    pub fn minus_settled<const K: u32>(&self, other: &Self) -> Self {
        Self(std::array::from_fn(|part| self.0[part].minus_settled::<K>(&other.0[part])))
    }

    /// See `Lanes::minus_and_twice_settled`.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    pub fn minus_and_twice_settled<const K: u32>(&self, once: &Self, twice: &Self) -> Self {
        Self(std::array::from_fn(|part| self.0[part].minus_and_twice_settled::<K>(&once.0[part], &twice.0[part])))
    }

    /// See `Lanes::signed_minus`.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    pub fn signed_minus<const K: u32>(&self, negative: u8, other: &Self) -> Self {
        Self(std::array::from_fn(|part| self.0[part].signed_minus::<K>(negative, &other.0[part])))
    }

    /// See `Lanes::minus_times_four`.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    pub fn minus_times_four<const K: u32>(&self, other: &Self) -> Self {
        Self(std::array::from_fn(|part| self.0[part].minus_times_four::<K>(&other.0[part])))
    }

    /// With the sign changed in the lanes of the mask. Requires bound 1; the result's is 2.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    pub fn negate_where(&self, mask: u8) -> Self {
        Self(std::array::from_fn(|part| self.0[part].negate::<1>().select(mask, &self.0[part])))
    }

    /// `self` in the lanes of the mask, `other` in the rest.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    pub fn select(&self, mask: u8, other: &Self) -> Self {
        Self(std::array::from_fn(|part| self.0[part].select(mask, &other.0[part])))
    }

    /// Product, bound 2. Requires of `other` bound 2, and of `self` at most 16.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    pub fn multiply(&self, other: &Self) -> Self {
        if N == 1 {
            return Self(std::array::from_fn(|_| self.0[0].multiply(&other.0[0])));
        }
        let negated = other.0[N - 1].negate::<2>();
        Self(std::array::from_fn(|part| {
            let mut sum = Wide::zero();
            sum.add_product(&self.0[0], &other.0[part]);
            sum.add_product(&self.0[N - 1], if part == 0 { &negated } else { &other.0[0] });
            sum.reduce()
        }))
    }

    /// Square, bound 2. Requires bound 2.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    pub fn square(&self) -> Self {
        if N == 1 {
            return Self(std::array::from_fn(|_| self.0[0].square()));
        }
        let [c0, c1] = [&self.0[0], &self.0[N - 1]];
        Self(std::array::from_fn(|part| if part == 0 { c0.add(c1).multiply(&c0.minus::<2>(c1)) } else { c0.double().multiply(c1) }))
    }

    /// Lanes that hold 0. Requires bound 4.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    pub fn is_zero(&self) -> u8 {
        self.0.iter().fold(u8::MAX, |mask, part| mask & part.is_zero::<4>())
    }

    /// The numbers of each lane, below the modulus. Requires bound 2.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    pub fn store(&self) -> [[Limbs; N]; COUNT] {
        let parts = self.0.map(|part| part.store());
        std::array::from_fn(|lane| std::array::from_fn(|part| parts[part][lane]))
    }

    /// From what `store` gives.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    pub fn from_numbers(numbers: &[[Limbs; N]; COUNT]) -> Self {
        Self(std::array::from_fn(|part| Lanes::load(std::array::from_fn(|lane| &numbers[lane][part]))))
    }
}

/// The first or the second of two numbers.
#[inline(always)]
fn limbs(two: &[u8; 64], half: usize) -> Limbs {
    let (words, _) = two.as_chunks();
    std::array::from_fn(|limb| u64::from_le_bytes(words[4 * half + limb]))
}
