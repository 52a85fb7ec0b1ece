//! Sums of points that are weighted by their places.

use super::batch::Batch;
use super::groups::{Groups, sum_groups};
use super::points::{Entry, Points};
use crate::curve::{Accumulator, Group};

/// `sum of place * point`. With places written as `row * columns + column`, sums of rows and of columns take two cheap additions a point, and
/// only they are weighted.
pub(super) fn weighted_sum<B: Batch>(batch: &mut B, points: Points) -> Accumulator<B::Group> {
    let column_bits = (usize::BITS - points.len().leading_zeros()) / 2;
    let columns = 1usize << column_bits;
    let rows = points.len().div_ceil(columns);
    let present: Vec<bool> = (0..points.len()).map(|place| !points.is_infinity(place)).collect();
    let mut groups = Groups { starts: Vec::with_capacity(rows + columns + 1), entries: Vec::with_capacity(2 * points.len()) };
    for row in 0..rows {
        groups.starts.push(groups.entries.len() as u32);
        // Row 0 has no weight.
        if row > 0 {
            let places = row * columns..points.len().min((row + 1) * columns);
            groups.entries.extend(places.filter(|&place| present[place]).map(|place| Entry::new(place, false)));
        }
    }
    for column in 0..columns {
        groups.starts.push(groups.entries.len() as u32);
        if column > 0 {
            let places = (column..points.len()).step_by(columns);
            groups.entries.extend(places.filter(|&place| present[place]).map(|place| Entry::new(place, false)));
        }
    }
    groups.starts.push(groups.entries.len() as u32);
    let sums = sum_groups(batch, points, &groups);
    let (row_sums, column_sums) = sums.split_at(rows * points.size);
    let mut result = running_sum(Points { bytes: row_sums, size: points.size });
    for _ in 0..column_bits {
        result = result.double();
    }
    result.add(&running_sum::<B::Group>(Points { bytes: column_sums, size: points.size }));
    result
}

/// The same by adding up sums of what is at a place or behind.
fn running_sum<G: Group>(points: Points) -> Accumulator<G> {
    let mut behind = Accumulator::INFINITY;
    let mut result = Accumulator::INFINITY;
    for place in (1..points.len()).rev() {
        behind.add_affine(&points.get(Entry::new(place, false)));
        result.add(&behind);
    }
    result
}
