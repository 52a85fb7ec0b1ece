//! Many additions of points at once, in affine coordinates: six products each, of which three share one inversion among all.

use super::points::{Entry, Points};
use crate::curve::{Affine, Group};
use crate::field::Field;
use std::hint::black_box;

/// Sums that grow side by side. None is ever infinity: what would double or cancel is handed back.
pub(super) trait Batch {
    /// The group, with the arithmetic for what is done one by one.
    type Group: Group;
    /// How many sums may share an inversion: with what they need they fill a core's cache.
    const SIDE_BY_SIDE: usize;

    /// Without sums yet.
    fn new() -> Self;

    /// Begins as many sums, each with one point.
    fn start(&mut self, points: Points, entries: &[Entry]);

    /// Adds one point to each of the first sums. Puts into `refused`, rising, the places of those that it left as they were: there the
    /// point is the sum itself or its negative.
    fn add(&mut self, points: Points, entries: &[Entry], refused: &mut Vec<usize>);

    /// Gives all sums with their places.
    fn finish(&self, take: impl FnMut((usize, Affine<Self::Group>)));
}

/// One addition after the other.
pub(super) struct Single<G: Group> {
    sums: Vec<Affine<G>>,
    differences: Vec<G::Coordinate>,
    products: Vec<G::Coordinate>,
}

impl<G: Group> Batch for Single<G> {
    type Group = G;
    const SIDE_BY_SIDE: usize = 4096;

    fn new() -> Self {
        Self { sums: Vec::new(), differences: Vec::new(), products: Vec::new() }
    }

    fn start(&mut self, points: Points, entries: &[Entry]) {
        self.sums.clear();
        self.sums.extend(entries.iter().map(|&entry| points.get(entry)));
    }

    fn add(&mut self, points: Points, entries: &[Entry], refused: &mut Vec<usize>) {
        self.differences.clear();
        self.products.clear();
        let mut product = G::Coordinate::ONE;
        for (place, (sum, &entry)) in self.sums.iter().zip(entries).enumerate() {
            let mut difference = points.x::<G>(entry) - sum.x;
            if difference.is_zero() {
                refused.push(place);
                difference = G::Coordinate::ONE;
            }
            self.products.push(product);
            self.differences.push(difference);
            product = product * difference;
        }
        let mut inverse = product.invert().expect("a product of elements that are not 0");
        let mut passed_over = refused.len();
        for place in (0..entries.len()).rev() {
            if passed_over > 0 && refused[passed_over - 1] == place {
                passed_over -= 1;
                continue;
            }
            let point = points.get::<G>(entries[place]);
            let sum = &mut self.sums[place];
            let slope = (point.y - sum.y) * (inverse * self.products[place]);
            inverse = inverse * self.differences[place];
            let x = slope.square() - sum.x - point.x;
            *sum = Affine { x, y: slope * (sum.x - x) - sum.y };
        }
    }

    fn finish(&self, take: impl FnMut((usize, Affine<G>))) {
        self.sums.iter().copied().enumerate().for_each(take);
    }
}

impl<G: Group> Drop for Single<G> {
    /// Sums tell which points they are of.
    fn drop(&mut self) {
        overwrite(&mut self.sums, Affine::INFINITY);
        overwrite(&mut self.differences, G::Coordinate::ZERO);
        overwrite(&mut self.products, G::Coordinate::ZERO);
        black_box(self);
    }
}

/// All that a list has room for: it may have been longer before.
pub(super) fn overwrite<T: Copy>(list: &mut Vec<T>, with: T) {
    list.clear();
    list.resize(list.capacity(), with);
}
