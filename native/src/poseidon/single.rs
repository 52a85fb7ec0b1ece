//! One hash at a time, with any arithmetic.

use super::WIDEST;
use super::schedule::{HALF, Schedule};
use crate::arithmetic::{Arithmetic, Portable};
use crate::field::{Field, Fr};

/// First element of the permuted state, whose first element is 0 and the others the inputs.
pub fn hash<A: Arithmetic>(schedule: &Schedule<Fr<Portable>>, inputs: &[Fr<A>]) -> Fr<A> {
    let width = schedule.width;
    let mut whole = [Fr::ZERO; WIDEST];
    let state = &mut whole[..width];
    state[1..].copy_from_slice(inputs);
    add(state, &schedule.before);
    for round in 0..HALF {
        let last = round == HALF - 1;
        full_round(state, if last { &schedule.into_partial } else { &schedule.matrix });
        add(state, &schedule.after[round]);
    }
    for partial in &schedule.partial {
        let head = fifth(state[0]);
        state[0] = head;
        state[0] = dot(&partial.row, state) + partial.after.with();
        for (element, factor) in state[1..].iter_mut().zip(&partial.column) {
            *element = *element + head * factor.with();
        }
    }
    add(&mut state[1..], &schedule.carried);
    for round in HALF..schedule.after.len() {
        full_round(state, &schedule.matrix);
        add(state, &schedule.after[round]);
    }
    for element in state.iter_mut() {
        *element = fifth(*element);
    }
    dot(&schedule.matrix[0], state)
}

fn full_round<A: Arithmetic>(state: &mut [Fr<A>], matrix: &[Vec<Fr<Portable>>]) {
    let mut raised = [Fr::ZERO; WIDEST];
    for (power, element) in raised.iter_mut().zip(state.iter()) {
        *power = fifth(*element);
    }
    for (element, row) in state.iter_mut().zip(matrix) {
        *element = dot(row, &raised);
    }
}

fn add<A: Arithmetic>(state: &mut [Fr<A>], constants: &[Fr<Portable>]) {
    for (element, constant) in state.iter_mut().zip(constants) {
        *element = *element + constant.with();
    }
}

#[inline(always)]
fn dot<A: Arithmetic>(row: &[Fr<Portable>], state: &[Fr<A>]) -> Fr<A> {
    row.iter().zip(state).fold(Fr::ZERO, |sum, (factor, element)| sum + *element * factor.with())
}

#[inline(always)]
fn fifth<A: Arithmetic>(element: Fr<A>) -> Fr<A> {
    element.square().square() * element
}
