//! Small matrices, for the making of schedules.

use crate::arithmetic::Portable;
use crate::field::{Field, Fr};

type F = Fr<Portable>;
/// Row by row.
pub type Matrix = Vec<Vec<F>>;

/// Sum of the products.
pub fn dot(left: &[F], right: &[F]) -> F {
    left.iter().zip(right).fold(F::ZERO, |sum, (&a, &b)| sum + a * b)
}

/// Matrix times column.
pub fn times_column(matrix: &Matrix, column: &[F]) -> Vec<F> {
    matrix.iter().map(|row| dot(row, column)).collect()
}

/// Row times matrix.
pub fn row_times(row: &[F], matrix: &Matrix) -> Vec<F> {
    (0..row.len()).map(|place| row.iter().zip(matrix).fold(F::ZERO, |sum, (&a, other)| sum + a * other[place])).collect()
}

/// Matrix times matrix.
pub fn product(left: &Matrix, right: &Matrix) -> Matrix {
    left.iter()
        .map(|row| (0..right[0].len()).map(|place| row.iter().zip(right).fold(F::ZERO, |sum, (&a, other)| sum + a * other[place])).collect())
        .collect()
}

/// Gauss and Jordan. Every square part of a Cauchy matrix can be inverted, so no pivot is 0.
pub fn inverse(matrix: &Matrix) -> Matrix {
    let size = matrix.len();
    let unit = |row: usize| (0..size).map(move |place| if place == row { F::ONE } else { F::ZERO });
    let mut rows: Matrix = matrix.iter().enumerate().map(|(place, row)| row.iter().copied().chain(unit(place)).collect()).collect();
    for pivot in 0..size {
        let scale = rows[pivot][pivot].invert().expect("a pivot that is not 0");
        let scaled: Vec<F> = rows[pivot].iter().map(|&each| each * scale).collect();
        for row in &mut rows {
            let factor = row[pivot];
            for (each, &other) in row.iter_mut().zip(&scaled) {
                *each = *each - factor * other;
            }
        }
        rows[pivot] = scaled;
    }
    rows.into_iter().map(|row| row[size..].to_vec()).collect()
}
