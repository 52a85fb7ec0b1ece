//! Constants and matrix of each width, drawn as circomlib's were.

use crate::arithmetic::{Limbs, Modulus, Portable, ScalarField, less_than, reduce_once};
use crate::field::{Field, Fr};

type F = Fr<Portable>;

/// Rounds with an S-box on every element: half before, half after the partial ones.
pub const FULL_ROUNDS: usize = 8;
/// Rounds with an S-box on the first element alone, by number of inputs from 1; circomlib's.
const PARTIAL_ROUNDS: [usize; 16] = [56, 57, 56, 60, 60, 63, 64, 63, 60, 66, 60, 65, 70, 60, 64, 68];
const FIELD_BITS: usize = 254;
/// Bits of the Grain register.
const REGISTER: usize = 80;

/// What one width of Poseidon is made of.
pub struct Parameters {
    /// Elements of the state: inputs + 1.
    pub width: usize,
    /// Number of partial rounds.
    pub partial_rounds: usize,
    /// `width` constants a round, round by round.
    pub constants: Vec<Vec<F>>,
    /// Row by row.
    pub matrix: Vec<Vec<F>>,
}

impl Parameters {
    /// As the Poseidon paper's reference script draws them for x^5 over this field (generate_parameters_grain.sage 1 0 254 width 8 rounds p).
    /// Requires 1 to 16 inputs.
    pub fn new(inputs: usize) -> Self {
        let (width, partial_rounds) = (inputs + 1, PARTIAL_ROUNDS[inputs - 1]);
        let mut grain = Grain::new(width, partial_rounds);
        let constants = (0..FULL_ROUNDS + partial_rounds).map(|_| (0..width).map(|_| grain.element()).collect()).collect();
        let (rows, columns): (Vec<F>, Vec<F>) = (grain.reduced(width), grain.reduced(width));
        // Cauchy's: what is drawn differs in all sums, so that each has an inverse.
        let entry = |x: F, y: F| (x + y).invert().expect("a sum that is not 0");
        let matrix = rows.iter().map(|&x| columns.iter().map(|&y| entry(x, y)).collect()).collect();
        Self { width, partial_rounds, constants, matrix }
    }
}

/// The Grain register in self-shrinking mode: of two bits the second is taken if the first is 1.
struct Grain {
    /// The oldest bit is the lowest.
    register: u128,
}

impl Grain {
    fn new(width: usize, partial_rounds: usize) -> Self {
        // A prime field, x^alpha, then the sizes, then ones.
        let seed = [(1, 2), (0, 4), (FIELD_BITS, 12), (width, 12), (FULL_ROUNDS, 10), (partial_rounds, 10), ((1 << 30) - 1, 30)];
        let bits = seed.iter().fold(0u128, |bits, &(value, length)| bits << length | value as u128);
        let mut grain = Self { register: bits.reverse_bits() >> (128 - REGISTER) };
        for _ in 0..160 {
            grain.step();
        }
        grain
    }

    fn step(&mut self) -> u64 {
        let r = self.register;
        let bit = (r >> 62 ^ r >> 51 ^ r >> 38 ^ r >> 23 ^ r >> 13 ^ r) & 1;
        self.register = r >> 1 | bit << (REGISTER - 1);
        bit as u64
    }

    fn bit(&mut self) -> u64 {
        loop {
            let taken = self.step() == 1;
            let bit = self.step();
            if taken {
                return bit;
            }
        }
    }

    /// The highest bit first.
    fn integer(&mut self) -> Limbs {
        let mut integer = [0; 4];
        for place in (0..FIELD_BITS).rev() {
            integer[place / 64] |= self.bit() << (place % 64);
        }
        integer
    }

    /// Constants that are not below the modulus are drawn again.
    fn element(&mut self) -> F {
        loop {
            let drawn = self.integer();
            if less_than(&drawn, &ScalarField::LIMBS) {
                return F::from_canonical(&drawn).expect("below the modulus");
            }
        }
    }

    /// Those of the matrix are reduced: 2^254 is below twice the modulus.
    fn reduced(&mut self, count: usize) -> Vec<F> {
        (0..count).map(|_| F::from_canonical(&reduce_once::<ScalarField>(&self.integer())).expect("below the modulus")).collect()
    }
}
