//! The layers of a transform that are between parts of one slice.

use super::roots::Roots;
use crate::arithmetic::{Arithmetic, Limbs};
use crate::field::Fr;

/// Towards coefficients, halving blocks until they have `width` elements: from natural to bit-reversed order, times the length. The slice is the
/// block `place` of a larger transform's layer, or all of it at place 0.
#[inline(always)]
pub fn to_coefficients<A: Arithmetic>(roots: &Roots, place: usize, width: usize, values: &mut [Limbs]) {
    let mut length = values.len();
    let mut first = place;
    while length > width {
        for (block, values) in (first..).zip(values.chunks_exact_mut(length)) {
            let (left, right) = values.split_at_mut(length / 2);
            if block == 0 {
                butterflies::<A>(left, right, |left, right| (left + right, left - right));
                continue;
            }
            let root = Fr::from_montgomery(*roots.at(Roots::minus_inverse(block)));
            butterflies::<A>(left, right, |left, right| {
                let product = right * root;
                (left - product, left + product)
            });
        }
        length /= 2;
        first *= 2;
    }
}

/// Towards values, doubling blocks from `width` elements: from bit-reversed to natural order. Undoes `to_coefficients` with inverse roots.
#[inline(always)]
pub fn to_values<A: Arithmetic>(roots: &Roots, place: usize, width: usize, values: &mut [Limbs]) {
    let mut length = 2 * width;
    while length <= values.len() {
        let first = place * (values.len() / length);
        for (block, values) in (first..).zip(values.chunks_exact_mut(length)) {
            let (left, right) = values.split_at_mut(length / 2);
            if block == 0 {
                butterflies::<A>(left, right, |left, right| (left + right, left - right));
                continue;
            }
            let root = Fr::from_montgomery(*roots.at(block));
            butterflies::<A>(left, right, |left, right| (left + right, (left - right) * root));
        }
        length *= 2;
    }
}

#[inline(always)]
fn butterflies<A: Arithmetic>(left: &mut [Limbs], right: &mut [Limbs], butterfly: impl Fn(Fr<A>, Fr<A>) -> (Fr<A>, Fr<A>)) {
    for (left, right) in left.iter_mut().zip(right) {
        let (first, second) = butterfly(Fr::from_montgomery(*left), Fr::from_montgomery(*right));
        (*left, *right) = (first.montgomery(), second.montgomery());
    }
}
