//! Numbers for tests: always the same ones for the same seed, edges first.

use crate::arithmetic::{Limbs, Modulus, less_than};
use std::cmp::Ordering;

/// Calls a function that is generic over the arithmetic with each that this processor has.
macro_rules! for_each_arithmetic {
    ($function:ident) => {
        $function::<$crate::arithmetic::Portable>();
        #[cfg(target_arch = "x86_64")]
        if $crate::arithmetic::Cpu::Adx.is_available() {
            $function::<$crate::arithmetic::Adx>();
        }
    };
}

/// SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014).
pub(crate) struct Random {
    state: u64,
}

impl Random {
    /// Every seed gives a sequence of its own.
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// 64 bits.
    pub(crate) fn word(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    /// Below `end`. Requires end > 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.word() % end as u64) as usize
    }

    /// 256 bits.
    pub(crate) fn limbs(&mut self) -> Limbs {
        std::array::from_fn(|_| self.word())
    }

    /// A number below the modulus.
    pub(crate) fn element<M: Modulus>(&mut self) -> Limbs {
        loop {
            let mut drawn = self.limbs();
            drawn[3] >>= 2;
            if less_than(&drawn, &M::LIMBS) {
                return drawn;
            }
        }
    }
}

/// `count` numbers below the modulus: as many of the edges as there is room for, then random ones.
pub(crate) fn elements<M: Modulus>(seed: u64, count: usize) -> Vec<Limbs> {
    let mut random = Random::new(seed);
    let mut elements = edges::<M>();
    elements.truncate(count);
    elements.resize_with(count, || random.element::<M>());
    elements
}

/// 0, 1, p - 1, p - 2, (p - 1) / 2, 2^k and 2^k - 1 at the borders of limbs of 52 and 64 bits, and all that Montgomery forms of 1 are.
pub(crate) fn edges<M: Modulus>() -> Vec<Limbs> {
    let p = M::LIMBS;
    let less = |by: u64| [p[0] - by, p[1], p[2], p[3]];
    let half = std::array::from_fn(|place| p[place] >> 1 | p.get(place + 1).map_or(0, |next| next << 63));
    let mut edges = vec![[0; 4], [1, 0, 0, 0], less(1), less(2), half, M::ONE, M::SQUARED_RADIX];
    for exponent in [1, 51, 52, 53, 63, 64, 65, 104, 127, 128, 156, 191, 192, 208, 252, 253] {
        let (place, bit) = (exponent / 64, exponent % 64);
        let power = std::array::from_fn(|at| if at == place { 1 << bit } else { 0 });
        let ones = std::array::from_fn(|at| match at.cmp(&place) {
            Ordering::Less => u64::MAX,
            Ordering::Equal => (1 << bit) - 1,
            Ordering::Greater => 0,
        });
        edges.extend([power, ones]);
    }
    assert!(edges.iter().all(|edge| less_than(edge, &p)));
    edges
}

/// Words of the lines of a file of vectors; lines that begin with # are left out.
pub(crate) fn vectors(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.lines().filter(|line| !line.starts_with('#')).map(|line| line.split(' ').collect())
}

/// A number from 64 hexadecimal digits.
pub(crate) fn number(digits: &str) -> Limbs {
    assert_eq!(digits.len(), 64);
    std::array::from_fn(|place| u64::from_str_radix(&digits[48 - 16 * place..64 - 16 * place], 16).expect("hexadecimal digits"))
}

/// Changes a few bytes, cuts, repeats a part, or writes an extreme number.
pub(crate) fn mutate(random: &mut Random, bytes: &[u8]) -> Vec<u8> {
    let mut mutated = bytes.to_vec();
    for _ in 0..1 + random.below(3) {
        // Numbers that steer the reading stand in the first bytes and in sections' headers.
        let place = if random.below(2) == 0 { random.below(mutated.len().min(240)) } else { random.below(mutated.len()) };
        match random.below(5) {
            0 => mutated[place] ^= 1 << random.below(8),
            1 => mutated[place] = random.word() as u8,
            2 => {
                let extremes = [0, 1, u32::MAX, 1 << 31, 1 << 27, 1 << 28, 12];
                let number = extremes[random.below(extremes.len())].to_le_bytes();
                mutated.iter_mut().skip(place & !3).zip(number).for_each(|(byte, new)| *byte = new);
            }
            3 => mutated.truncate(place.max(1)),
            _ => {
                let part = mutated[place..mutated.len().min(place + 1 + random.below(64))].to_vec();
                mutated.splice(place..place, part);
            }
        }
    }
    mutated
}
