//! Sums of points that are weighted by their places.

use super::batch::Batch;
use super::groups::{Groups, sum_groups};
use super::points::{Entry, Points};
use crate::curve::{Accumulator, Group};

/// `sum of place * point` of each of several lists that follow one another. With places written as `row * columns + column`, sums of rows and of
/// columns take two cheap additions a point, and only they are weighted.
pub(super) fn weighted_sums<B: Batch>(batch: &mut B, points: Points, lengths: impl Iterator<Item = usize> + Clone) -> Vec<Accumulator<B::Group>> {
    let present: Vec<bool> = (0..points.len()).map(|place| !points.is_infinity(place)).collect();
    let mut ranges = Vec::new();
    let mut first = 0;
    for length in lengths.clone() {
        let (rows, columns) = rows_and_columns(length);
        let end = first + length;
        // Row 0 and column 0 have no weight.
        ranges.push((first..first).step_by(1));
        ranges.extend((1..rows).map(|row| (first + row * columns..end.min(first + (row + 1) * columns)).step_by(1)));
        ranges.push((first..first).step_by(1));
        ranges.extend((1..columns).map(|column| (first + column..end).step_by(columns)));
        first = end;
    }
    let groups = ranges.into_iter().map(|range| range.filter(|&place| present[place]).map(|place| Entry::new(place, false)));
    let groups = Groups::new(groups, 2 * points.len());
    let sums = sum_groups(batch, points, &groups);
    let mut rest = &sums[..];
    let mut next = |count: usize| {
        let (these, others) = rest.split_at(count * points.size);
        rest = others;
        running_sum(Points { bytes: these, size: points.size })
    };
    let mut weighted = |length: usize| {
        let (rows, columns) = rows_and_columns(length);
        let mut sum: Accumulator<B::Group> = next(rows);
        for _ in 0..columns.trailing_zeros() {
            sum = sum.double();
        }
        sum.add(&next(columns));
        sum
    };
    lengths.map(&mut weighted).collect()
}

/// About as many of both; columns are a power of two.
fn rows_and_columns(places: usize) -> (usize, usize) {
    let columns = 1 << ((usize::BITS - places.leading_zeros()) / 2);
    (places.div_ceil(columns), columns)
}

/// `sum of place * point`, by adding up sums of what is at a place or behind.
fn running_sum<G: Group>(points: Points) -> Accumulator<G> {
    let mut behind = Accumulator::INFINITY;
    let mut result = Accumulator::INFINITY;
    for place in (1..points.len()).rev() {
        behind.add_affine(&points.get(Entry::new(place, false)));
        result.add(&behind);
    }
    result
}
