//! Eight hashes side by side.

use super::WIDEST;
use super::schedule::{BLOCK, HALF, Schedule};
use crate::arithmetic::{Limbs, ScalarField};
use crate::lanes::{COUNT, Constant, Lanes, Wide};

type L = Lanes<ScalarField>;
/// Of a schedule.
pub type C = Constant<ScalarField>;

/// As `single::hash`: eight times as many canonical inputs, those of the first hash first; canonical results.
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
pub fn hash(schedule: &Schedule<C>, inputs: &[[&Limbs; COUNT]]) -> [Limbs; COUNT] {
    let width = schedule.width;
    let mut whole = [L::zero(); WIDEST];
    let state = &mut whole[..width];
    state[0] = L::constant(&schedule.before[0]);
    let enter = L::constant(&Constant::ENTER);
    for ((element, numbers), constant) in state[1..].iter_mut().zip(inputs).zip(&schedule.before[1..]) {
        let mut sum = Wide::starting_with(&L::constant(constant));
        sum.add_product(&L::load(*numbers), &enter);
        *element = sum.reduce();
    }
    for round in 0..HALF {
        let last = round == HALF - 1;
        full_round(state, if last { &schedule.into_partial } else { &schedule.matrix }, &schedule.after[round]);
    }
    partial_rounds(schedule, state);
    for round in HALF..schedule.after.len() {
        full_round(state, &schedule.matrix, &schedule.after[round]);
    }
    for element in state.iter_mut() {
        *element = fifth(element);
    }
    let mut sum = Wide::zero();
    add_products(&mut sum, state, &schedule.matrix[0]);
    // Times 1, not in Montgomery form: canonical.
    sum.reduce().multiply(&L::constant(&Constant::LEAVE)).store()
}

/// Elements come and go below three times the modulus.
#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
fn full_round(state: &mut [L], matrix: &[Vec<C>], after: &[C]) {
    let mut raised = [L::zero(); WIDEST];
    let raised = &mut raised[..state.len()];
    for (power, element) in raised.iter_mut().zip(state.iter()) {
        *power = fifth(element);
    }
    for ((element, row), constant) in state.iter_mut().zip(matrix).zip(after) {
        let mut sum = Wide::starting_with(&L::constant(constant));
        add_products(&mut sum, raised, row);
        *element = sum.reduce();
    }
}

/// A block of rounds at a time. Between blocks the first element is below three times the modulus, the others below twice.
#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
fn partial_rounds(schedule: &Schedule<C>, state: &mut [L]) {
    let [first, others @ ..] = state else { return };
    for other in others.iter_mut() {
        // From the last full round, which added nothing to them.
        *other = other.halve::<4>();
    }
    for rounds in schedule.partial.chunks(BLOCK) {
        // The latest first, as echoes are.
        let mut heads = [L::zero(); BLOCK];
        let start = BLOCK - rounds.len();
        for (round, partial) in rounds.iter().enumerate() {
            let place = BLOCK - 1 - round;
            heads[place] = fifth(first);
            let mut sum = Wide::starting_with(&L::constant(&partial.after));
            sum.add_product(&heads[place], &L::constant(&partial.row[0]));
            add_products(&mut sum, others, &partial.row[1..]);
            add_products(&mut sum, &heads[place + 1..], &schedule.echoes);
            *first = sum.reduce();
        }
        for (place, other) in others.iter_mut().enumerate() {
            let mut sum = Wide::starting_with(other);
            for (head, partial) in heads[start..].iter().rev().zip(rounds) {
                sum.add_product(head, &L::constant(&partial.column[place]));
            }
            *other = sum.reduce().halve::<4>();
        }
    }
    for (other, constant) in others.iter_mut().zip(&schedule.carried) {
        *other = other.add(&L::constant(constant));
    }
}

#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
fn add_products(sum: &mut Wide<ScalarField>, elements: &[L], row: &[C]) {
    for (element, factor) in elements.iter().zip(row) {
        sum.add_product(element, &L::constant(factor));
    }
}

#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
fn fifth(element: &L) -> L {
    element.square().square().multiply(element)
}
