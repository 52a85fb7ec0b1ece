//! Disjoint columns of matrices, for threads.

use super::{COLUMNS_TOGETHER, Columns};
use crate::arithmetic::Limbs;

/// Splits matrices of the same shape, given row by row, into about so many groups of columns.
pub fn split_columns<'a>(matrices: [&'a mut [Limbs]; 3], row_length: usize, groups: usize) -> Vec<Columns<'a>> {
    let width = row_length.div_ceil(groups).next_multiple_of(COLUMNS_TOGETHER);
    let rows = matrices[0].len() / row_length;
    let mut split: Vec<Columns<'a>> = (0..row_length.div_ceil(width)).map(|_| [(); 3].map(|()| Vec::with_capacity(rows))).collect();
    for (number, matrix) in matrices.into_iter().enumerate() {
        for row in matrix.chunks_mut(row_length) {
            for (columns, part) in split.iter_mut().zip(row.chunks_mut(width)) {
                columns[number].push(part);
            }
        }
    }
    split
}
