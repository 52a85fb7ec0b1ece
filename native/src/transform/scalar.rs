//! The passes with one element at a time.

use super::layers::{to_coefficients, to_values};
use super::{COLUMNS_TOGETHER, Columns, Passes, Roots};
use crate::arithmetic::{Arithmetic, Limbs, Modulus, ScalarField};
use crate::field::{Field, Fr};
use crate::secret::Secret;
use crate::threads::Workers;
use std::sync::Mutex;

static ROOTS: Mutex<Option<Roots>> = Mutex::new(None);

/// Transforms of one length.
pub struct Scalar<A: Arithmetic> {
    roots: Roots,
    /// Both transforms multiply by the length: its inverse and that squared, as canonical numbers, which lead out of Montgomery form.
    inverse: Fr<A>,
    inverse_squared: Fr<A>,
}

impl<A: Arithmetic> Scalar<A> {
    /// Of the length of the domain.
    pub fn new(workers: &Workers, length: usize) -> Self {
        let inverse = Fr::<A>::from_u64(length as u64).invert().expect("no multiple of the modulus");
        let canonical = |element: Fr<A>| Fr::from_montgomery(element.canonical());
        let roots = Roots::new(workers, &ROOTS, &ScalarField::ONE, length);
        Self { roots, inverse: canonical(inverse), inverse_squared: canonical(inverse.square()) }
    }
}

impl<A: Arithmetic> Passes for Scalar<A> {
    fn first(&self, [mut a, mut b, mut c]: Columns<'_>) {
        let mut tile = Secret::<Limbs>::zeros(a.len() * COLUMNS_TOGETHER);
        for start in (0..a[0].len()).step_by(COLUMNS_TOGETHER) {
            for ((a, b), c) in a.iter().zip(&b).zip(&mut c) {
                let places = start..a.len().min(start + COLUMNS_TOGETHER);
                for place in places {
                    c[place] = A::multiply::<ScalarField>(&a[place], &b[place]);
                }
            }
            for columns in [&mut a, &mut b, &mut c] {
                let width = gather(columns, start, &mut tile);
                let tile = &mut tile[..columns.len() * width];
                to_coefficients::<A>(&self.roots, 0, width, tile);
                scatter(tile, start, columns);
            }
        }
    }

    fn second(&self, first_row: usize, row_length: usize, rows: &mut [Limbs]) {
        for (number, row) in (first_row..).zip(rows.chunks_exact_mut(row_length)) {
            to_coefficients::<A>(&self.roots, number, 1, row);
            for (place, limbs) in (number * row_length..).zip(row.iter_mut()) {
                *limbs = A::multiply::<ScalarField>(limbs, self.roots.at(place));
            }
            to_values::<A>(&self.roots, number, 1, row);
        }
    }

    fn third(&self, [mut a, mut b, mut c]: Columns<'_>) {
        let mut tile = Secret::<Limbs>::zeros(a.len() * COLUMNS_TOGETHER);
        for start in (0..a[0].len()).step_by(COLUMNS_TOGETHER) {
            for columns in [&mut a, &mut b, &mut c] {
                let width = gather(columns, start, &mut tile);
                let tile = &mut tile[..columns.len() * width];
                to_values::<A>(&self.roots, 0, width, tile);
                scatter(tile, start, columns);
            }
            for ((a, b), c) in a.iter_mut().zip(&b).zip(&c) {
                let places = start..a.len().min(start + COLUMNS_TOGETHER);
                for place in places {
                    let [a_value, b, c] = [a[place], b[place], c[place]].map(Fr::<A>::from_montgomery);
                    a[place] = (a_value * b * self.inverse_squared - c * self.inverse).montgomery();
                }
            }
        }
    }
}

/// Brings some columns together; says how many.
fn gather(columns: &[&mut [Limbs]], start: usize, tile: &mut [Limbs]) -> usize {
    let width = COLUMNS_TOGETHER.min(columns[0].len() - start);
    for (row, tile) in columns.iter().zip(tile.chunks_exact_mut(width)) {
        tile.copy_from_slice(&row[start..start + width]);
    }
    width
}

fn scatter(tile: &[Limbs], start: usize, columns: &mut [&mut [Limbs]]) {
    let width = tile.len() / columns.len();
    for (row, tile) in columns.iter_mut().zip(tile.chunks_exact(width)) {
        row[start..start + width].copy_from_slice(tile);
    }
}
