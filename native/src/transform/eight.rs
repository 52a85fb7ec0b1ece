//! The passes with eight elements side by side: eight columns, or eight rows.
//!
//! Values stay as they are in memory: products with factors in Montgomery form with R = 2^260 change nothing else about them. Bounds, as multiples
//! of the modulus: each layer towards coefficients adds 2, each layer towards values doubles.

use super::{COLUMNS_TOGETHER, Columns, Passes, ROWS_TOGETHER, Roots};
use crate::arithmetic::{Limbs, Modulus, Portable, ScalarField, power_of_two};
use crate::field::{Field, Fr};
use crate::lanes::{COUNT, Lanes};
use crate::threads::Workers;
use std::array::from_fn;
use std::hint::black_box;
use std::sync::Mutex;

static ROOTS: Mutex<Option<Roots>> = Mutex::new(None);

const _: () = assert!(COLUMNS_TOGETHER == COUNT && ROWS_TOGETHER == COUNT);

type Values = Lanes<ScalarField>;

/// Transforms of one length.
pub struct Eight {
    roots: Roots,
    minus_one: Limbs,
    inverse: Limbs,
    inverse_squared: Limbs,
}

impl Eight {
    /// Matrices with fewer rows or columns are not for this.
    pub const SHORTEST: usize = COUNT * COUNT;

    /// Of the length of the domain.
    pub fn new(workers: &Workers, length: usize) -> Self {
        let one = const { power_of_two(ScalarField::LIMBS, 260) };
        let inverse = Fr::<Portable>::from_u64(length as u64).invert().expect("no multiple of the modulus");
        // The product A B of values in Montgomery form is A B 2^512 / 2^260, and so is C: 2^8 and another division by 2^260 lead out of it.
        let leaving = |factor: Fr<Portable>| (factor * Fr::from_u64(1 << 8)).canonical();
        Self {
            roots: Roots::new(workers, &ROOTS, &one, length),
            minus_one: (-Fr::<Portable>::from_montgomery(one)).montgomery(),
            inverse: leaving(inverse),
            inverse_squared: leaving(inverse.square()),
        }
    }

    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    fn first_pass(&self, [mut a, mut b, mut c]: Columns<'_>) {
        let mut tile = vec![Values::zero(); a.len()];
        for start in (0..a[0].len()).step_by(COUNT) {
            for ((a, b), c) in a.iter().zip(&b).zip(&mut c) {
                let product = load(&a[start..]).multiply(&load(&b[start..])).store();
                c[start..start + COUNT].copy_from_slice(&product);
            }
            for columns in [&mut a, &mut b, &mut c] {
                gather(columns, start, &mut tile);
                self.to_coefficients::<false>(0, &mut tile);
                scatter(&tile, start, columns);
            }
        }
        clear(&mut tile);
    }

    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    fn second_pass(&self, first_row: usize, row_length: usize, rows: &mut [Limbs]) {
        let mut values = vec![Values::zero(); row_length];
        for (place, value) in values.iter_mut().enumerate() {
            *value = Values::load(from_fn(|row| &rows[row * row_length + place]));
        }
        self.to_coefficients::<true>(first_row, &mut values);
        for (place, value) in values.iter_mut().enumerate() {
            let step = Values::load(from_fn(|row| self.roots.at((first_row + row) * row_length + place)));
            *value = value.multiply(&step);
        }
        self.to_values::<true>(first_row, &mut values);
        for (place, value) in values.iter().enumerate() {
            for (row, limbs) in value.lower().store().into_iter().enumerate() {
                rows[row * row_length + place] = limbs;
            }
        }
        clear(&mut values);
    }

    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    fn third_pass(&self, [mut a, mut b, mut c]: Columns<'_>) {
        let mut tile = vec![Values::zero(); a.len()];
        let (inverse, inverse_squared) = (Values::splat(&self.inverse), Values::splat(&self.inverse_squared));
        for start in (0..a[0].len()).step_by(COUNT) {
            for columns in [&mut a, &mut b, &mut c] {
                gather(columns, start, &mut tile);
                self.to_values::<false>(0, &mut tile);
                scatter(&tile, start, columns);
            }
            for ((a, b), c) in a.iter_mut().zip(&b).zip(&c) {
                let product = load(&a[start..]).multiply(&load(&b[start..])).multiply(&inverse_squared);
                let difference = product.minus::<2>(&load(&c[start..]).multiply(&inverse));
                a[start..start + COUNT].copy_from_slice(&difference.halve::<4>().store());
            }
        }
        clear(&mut tile);
    }

    /// As `layers::to_coefficients`, in each lane. With ROWS, lanes are the blocks `place`, `place + 1`, ... of a larger transform's layer, else all
    /// of it. Requires bound 2 and at most 2^14 elements; the result's bound is below 64.
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    fn to_coefficients<const ROWS: bool>(&self, place: usize, values: &mut [Values]) {
        let mut length = values.len();
        let mut blocks = 1;
        while length > 1 {
            for (block, values) in values.chunks_exact_mut(length).enumerate() {
                let (left, right) = values.split_at_mut(length / 2);
                // For a few layers sums may double.
                match blocks {
                    1 if !ROWS && block == 0 => without_root::<2>(left, right),
                    2 if !ROWS && block == 0 => without_root::<4>(left, right),
                    4 if !ROWS && block == 0 => without_root::<8>(left, right),
                    _ => {
                        let root = self.root::<ROWS>(place, blocks, block, |place| match place {
                            0 => &self.minus_one,
                            _ => self.roots.at(Roots::minus_inverse(place)),
                        });
                        for (left, right) in left.iter_mut().zip(right) {
                            let product = right.multiply(&root);
                            (*left, *right) = (left.minus::<2>(&product), left.add(&product));
                        }
                    }
                }
            }
            length /= 2;
            blocks *= 2;
        }
    }

    /// As `layers::to_values`, in each lane. Requires bound 2; the result's bound is below 64.
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    fn to_values<const ROWS: bool>(&self, place: usize, values: &mut [Values]) {
        let mut blocks = values.len() / 2;
        let mut layer = 0;
        while blocks > 0 {
            match layer % 5 {
                0 => self.layer_to_values::<ROWS, 2>(place, blocks, values),
                1 => self.layer_to_values::<ROWS, 4>(place, blocks, values),
                2 => self.layer_to_values::<ROWS, 8>(place, blocks, values),
                3 => self.layer_to_values::<ROWS, 16>(place, blocks, values),
                _ => {
                    self.layer_to_values::<ROWS, 32>(place, blocks, values);
                    for value in &mut *values {
                        *value = value.lower();
                    }
                }
            }
            blocks /= 2;
            layer += 1;
        }
    }

    /// Requires bound K; the result's is twice that.
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    fn layer_to_values<const ROWS: bool, const K: u32>(&self, place: usize, blocks: usize, values: &mut [Values]) {
        let length = values.len() / blocks;
        for (block, values) in values.chunks_exact_mut(length).enumerate() {
            let (left, right) = values.split_at_mut(length / 2);
            if !ROWS && block == 0 {
                without_root::<K>(left, right);
                continue;
            }
            let root = self.root::<ROWS>(place, blocks, block, |place| self.roots.at(place));
            for (left, right) in left.iter_mut().zip(right) {
                (*left, *right) = (left.add(right), left.minus::<K>(right).multiply(&root));
            }
        }
    }

    /// The root of a block, or of the same block in each of eight rows.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    fn root<'a, const ROWS: bool>(&self, place: usize, blocks: usize, block: usize, at: impl Fn(usize) -> &'a Limbs) -> Values {
        if ROWS { Values::load(from_fn(|row| at((place + row) * blocks + block))) } else { Values::splat(at(block)) }
    }
}

/// Sums and differences. Requires bound K; the result's is twice that.
#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
fn without_root<const K: u32>(left: &mut [Values], right: &mut [Values]) {
    for (left, right) in left.iter_mut().zip(right) {
        (*left, *right) = (left.add(right), left.minus::<K>(right));
    }
}

#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
fn load(numbers: &[Limbs]) -> Values {
    Values::load(from_fn(|place| &numbers[place]))
}

#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
fn gather(columns: &[&mut [Limbs]], start: usize, tile: &mut [Values]) {
    for (row, values) in columns.iter().zip(tile) {
        *values = load(&row[start..]);
    }
}

#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
fn scatter(tile: &[Values], start: usize, columns: &mut [&mut [Limbs]]) {
    for (row, values) in columns.iter_mut().zip(tile) {
        row[start..start + COUNT].copy_from_slice(&values.lower().store());
    }
}

/// As `Secret` does.
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
fn clear(values: &mut [Values]) {
    values.fill(Values::zero());
    black_box(values);
}

#[allow(unsafe_code)]
impl Passes for Eight {
    fn first(&self, columns: Columns<'_>) {
        // SAFETY: made only for `Cpu::Ifma`, which this processor must have.
        unsafe { self.first_pass(columns) }
    }

    fn second(&self, first_row: usize, row_length: usize, rows: &mut [Limbs]) {
        // SAFETY: as above.
        unsafe { self.second_pass(first_row, row_length, rows) }
    }

    fn third(&self, columns: Columns<'_>) {
        // SAFETY: as above.
        unsafe { self.third_pass(columns) }
    }
}
