//! The two primes, and what Montgomery arithmetic needs to know of each, computed when this is compiled.

/// A 256-bit number, lowest limb first.
pub type Limbs = [u64; 4];

/// A prime below 2^254, the modulus of a field.
pub trait Modulus: Copy + Send + Sync + Eq + std::fmt::Debug + 'static {
    /// The prime p.
    const LIMBS: Limbs;
    /// `-p^-1 mod 2^64`.
    const NEGATIVE_INVERSE: u64 = negative_inverse(Self::LIMBS[0]);
    /// `2^256 mod p`: 1 in Montgomery form.
    const ONE: Limbs = power_of_two(Self::LIMBS, 256);
    /// `2^512 mod p`: brings a canonical number into Montgomery form.
    const SQUARED_RADIX: Limbs = power_of_two(Self::LIMBS, 512);
}

/// The scalar field: order of the curve's groups, field of the circuits. r in the literature, p in circom's.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ScalarField;

/// The base field: coordinates of the curve's points. q.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BaseField;

// EIP-196 names both.
impl Modulus for ScalarField {
    const LIMBS: Limbs = [0x43e1_f593_f000_0001, 0x2833_e848_79b9_7091, 0xb850_45b6_8181_585d, 0x3064_4e72_e131_a029];
}

impl Modulus for BaseField {
    const LIMBS: Limbs = [0x3c20_8c16_d87c_fd47, 0x9781_6a91_6871_ca8d, 0xb850_45b6_8181_585d, 0x3064_4e72_e131_a029];
}

/// Whether a < b.
#[inline(always)]
pub const fn less_than(a: &Limbs, b: &Limbs) -> bool {
    let mut place = 4;
    while place > 0 {
        place -= 1;
        if a[place] != b[place] {
            return a[place] < b[place];
        }
    }
    false
}

/// By Newton's iteration: each step doubles the number of right bits, of which an odd number is its own inverse in 3.
const fn negative_inverse(odd: u64) -> u64 {
    let mut inverse = odd;
    let mut step = 0;
    while step < 5 {
        inverse = inverse.wrapping_mul(2u64.wrapping_sub(odd.wrapping_mul(inverse)));
        step += 1;
    }
    inverse.wrapping_neg()
}

/// `2^exponent` modulo a modulus.
pub(crate) const fn power_of_two(modulus: Limbs, exponent: u32) -> Limbs {
    let mut value = [1, 0, 0, 0];
    let mut step = 0;
    while step < exponent {
        value = double(value, modulus);
        step += 1;
    }
    value
}

/// Below 2^254 nothing is carried out of the highest limb.
const fn double(value: Limbs, modulus: Limbs) -> Limbs {
    let doubled = [value[0] << 1, value[1] << 1 | value[0] >> 63, value[2] << 1 | value[1] >> 63, value[3] << 1 | value[2] >> 63];
    if less_than(&doubled, &modulus) { doubled } else { subtract(doubled, modulus) }
}

const fn subtract(a: Limbs, b: Limbs) -> Limbs {
    let mut difference = [0; 4];
    let mut borrow = 0;
    let mut place = 0;
    while place < 4 {
        let wide = (a[place] as u128).wrapping_sub(b[place] as u128).wrapping_sub(borrow);
        difference[place] = wide as u64;
        borrow = wide >> 127;
        place += 1;
    }
    difference
}
