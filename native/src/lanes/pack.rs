//! Eight numbers of four 64-bit limbs to five vectors of 52-bit limbs and back.

use super::constants::{LIMBS, MASK};
use crate::arithmetic::Limbs;
use std::arch::x86_64::*;

/// Five vectors: limb by limb, lane by lane.
pub type Vectors = [__m512i; LIMBS];

/// The same number in every lane.
#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
pub fn splat(word: u64) -> __m512i {
    _mm512_set1_epi64(word as i64)
}

/// Limbs of eight numbers, each times `2^SHIFT`, for SHIFT 0 or 4. Requires numbers below 2^256.
#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
pub fn unpack<const SHIFT: u32>(numbers: [&Limbs; 8]) -> Vectors {
    let pair = |low: usize, high: usize| _mm512_inserti64x4::<1>(_mm512_castsi256_si512(row(numbers[low])), row(numbers[high]));
    let (even, odd) = ([pair(0, 2), pair(4, 6)], [pair(1, 3), pair(5, 7)]);
    // Lower and higher two words of the even numbers, of the odd ones.
    let lower = [_mm512_shuffle_i64x2::<0b10_00_10_00>(even[0], even[1]), _mm512_shuffle_i64x2::<0b10_00_10_00>(odd[0], odd[1])];
    let higher = [_mm512_shuffle_i64x2::<0b11_01_11_01>(even[0], even[1]), _mm512_shuffle_i64x2::<0b11_01_11_01>(odd[0], odd[1])];
    let [a, b] = [_mm512_unpacklo_epi64(lower[0], lower[1]), _mm512_unpackhi_epi64(lower[0], lower[1])];
    let [c, d] = [_mm512_unpacklo_epi64(higher[0], higher[1]), _mm512_unpackhi_epi64(higher[0], higher[1])];
    let mask = splat(MASK);
    // With constant counts these are shifts by an immediate.
    let joined = |low: __m512i, right: u32, high: __m512i, left: u32| {
        let parts = _mm512_or_si512(_mm512_srlv_epi64(low, splat(u64::from(right))), _mm512_sllv_epi64(high, splat(u64::from(left))));
        _mm512_and_si512(parts, mask)
    };
    [
        _mm512_and_si512(_mm512_sllv_epi64(a, splat(u64::from(SHIFT))), mask),
        joined(a, 52 - SHIFT, b, 12 + SHIFT),
        joined(b, 40 - SHIFT, c, 24 + SHIFT),
        joined(c, 28 - SHIFT, d, 36 + SHIFT),
        _mm512_srlv_epi64(d, splat(u64::from(16 - SHIFT))),
    ]
}

/// Eight numbers from their limbs. Requires limbs of 52 bits and numbers below 2^256.
#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
pub fn pack(limbs: &Vectors) -> [Limbs; 8] {
    let &[a, b, c, d, e] = limbs;
    let words = [
        _mm512_or_si512(a, _mm512_slli_epi64::<52>(b)),
        _mm512_or_si512(_mm512_srli_epi64::<12>(b), _mm512_slli_epi64::<40>(c)),
        _mm512_or_si512(_mm512_srli_epi64::<24>(c), _mm512_slli_epi64::<28>(d)),
        _mm512_or_si512(_mm512_srli_epi64::<36>(d), _mm512_slli_epi64::<16>(e)),
    ];
    let lower = [_mm512_unpacklo_epi64(words[0], words[1]), _mm512_unpackhi_epi64(words[0], words[1])];
    let higher = [_mm512_unpacklo_epi64(words[2], words[3]), _mm512_unpackhi_epi64(words[2], words[3])];
    let first = _mm512_set_epi64(11, 10, 3, 2, 9, 8, 1, 0);
    let second = _mm512_set_epi64(15, 14, 7, 6, 13, 12, 5, 4);
    let mut numbers = [[0; 4]; 8];
    for odd in 0..2 {
        for (start, order) in [(0, first), (4, second)] {
            let two = halves(_mm512_permutex2var_epi64(lower[odd], order, higher[odd]));
            numbers[start + odd] = two[0];
            numbers[start + odd + 2] = two[1];
        }
    }
    numbers
}

/// The compiler makes one load of it.
#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
fn row(number: &Limbs) -> __m256i {
    _mm256_set_epi64x(number[3] as i64, number[2] as i64, number[1] as i64, number[0] as i64)
}

#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
#[allow(unsafe_code)]
fn halves(vector: __m512i) -> [Limbs; 2] {
    // SAFETY: both are 64 bytes without padding, and every pattern of bits is a value of the result.
    unsafe { std::mem::transmute(vector) }
}
