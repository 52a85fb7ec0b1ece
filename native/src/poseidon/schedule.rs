//! The permutation with the partial rounds' matrices made sparse.
//!
//! With M = [[m, v], [w, N]]: M = S * D, S = [[m, v N^-1], [w, 1]], D = [[1, 0], [0, N]]. D leaves the first element alone, so it commutes with the
//! S-box before it and goes into the matrix before that. Of R partial rounds, round r is left with row (m, v N^-(R-r)) and column N^(R-r-1) w, and
//! D^R goes into the last full round before them. Constants beyond the first element pass every S-box too: what they add to the first element
//! goes into its next constant, the rest is carried on.
//!
//! Round k adds head_k * column_k to the elements after the first, and round r > k finds row_r * column_k = v N^(r-k-1) w of it in its sum.
//! With these scalars, `echoes`, a block of rounds can be done before the elements after the first are brought up to date, all at once.

use super::matrix::{dot, inverse, product, row_times, times_column};
use super::parameters::{FULL_ROUNDS, Parameters};
use crate::arithmetic::Portable;
use crate::field::Fr;

/// Full rounds on each side.
pub const HALF: usize = FULL_ROUNDS / 2;
/// How many partial rounds are done between two updates of the elements after the first. More save updates and cost echoes: measured.
pub const BLOCK: usize = 4;

/// A partial round.
pub struct Partial<C> {
    /// First row of the matrix.
    pub row: Vec<C>,
    /// First column below its head; the rest is the unit matrix.
    pub column: Vec<C>,
    /// Added to the first element afterwards.
    pub after: C,
}

/// What `width` elements go through, in constants of type C.
pub struct Schedule<C> {
    /// Elements of the state.
    pub width: usize,
    /// Added before the first round.
    pub before: Vec<C>,
    /// Of all full rounds but the last before the partial ones.
    pub matrix: Vec<Vec<C>>,
    /// Of that one.
    pub into_partial: Vec<Vec<C>>,
    /// Added after each full round's matrix, which is before the next round's S-boxes.
    pub after: Vec<Vec<C>>,
    /// The partial rounds.
    pub partial: Vec<Partial<C>>,
    /// From one round back to as far as a block reaches.
    pub echoes: Vec<C>,
    /// Added to the elements after the first when the partial rounds are done.
    pub carried: Vec<C>,
}

impl Schedule<Fr<Portable>> {
    /// Requires 1 to 16 inputs.
    pub fn new(inputs: usize) -> Self {
        let Parameters { width, partial_rounds, constants, matrix } = Parameters::new(inputs);
        let inner = matrix[1..].iter().map(|row| row[1..].to_vec()).collect();
        let inverted = inverse(&inner);
        let head = matrix[0][0];
        let column: Vec<_> = matrix[1..].iter().map(|row| row[0]).collect();
        let mut echoes = vec![dot(&matrix[0][1..], &column)];
        let mut powered = column.clone();
        while echoes.len() < BLOCK - 1 {
            powered = times_column(&inner, &powered);
            echoes.push(dot(&matrix[0][1..], &powered));
        }

        // Backwards: rows and columns grow by a power of N from the last round to the first. So do constants, which D passes.
        let mut columns = vec![column];
        let mut rows = vec![row_times(&matrix[0][1..], &inverted)];
        let mut power = inner.clone();
        let mut passing = vec![times_column(&power, &constants[HALF + partial_rounds - 1][1..])];
        for round in (0..partial_rounds - 1).rev() {
            columns.push(times_column(&inner, columns.last().expect("never empty")));
            rows.push(row_times(rows.last().expect("never empty"), &inverted));
            power = product(&inner, &power);
            passing.push(times_column(&power, &constants[HALF + round][1..]));
        }

        let mut carried = vec![Fr::ZERO; width - 1];
        let mut partial = Vec::new();
        for (round, ((row, column), passing)) in rows.into_iter().zip(columns).zip(passing).rev().enumerate() {
            carried = carried.iter().zip(&passing).map(|(&a, &b)| a + b).collect();
            let after = dot(&row, &carried) + constants[HALF + round + 1][0];
            partial.push(Partial { row: [vec![head], row].concat(), column, after });
        }
        let next = constants[HALF + partial_rounds][1..].iter();
        let carried = carried.into_iter().zip(next).map(|(a, &b)| a + b).collect();

        let lower = product(&power, &matrix[1..].to_vec());
        let into_partial = [vec![matrix[0].clone()], lower].concat();
        let mut after = constants[1..HALF].to_vec();
        after.push((0..width).map(|place| if place == 0 { constants[HALF][0] } else { Fr::ZERO }).collect());
        after.extend_from_slice(&constants[HALF + partial_rounds + 1..]);
        Self { width, before: constants[0].clone(), matrix, into_partial, after, partial, echoes, carried }
    }

    /// The same in other constants.
    pub fn map<C>(&self, to: impl Fn(&Fr<Portable>) -> C) -> Schedule<C> {
        let list = |from: &Vec<Fr<Portable>>| from.iter().map(&to).collect::<Vec<C>>();
        let table = |from: &Vec<Vec<Fr<Portable>>>| from.iter().map(list).collect::<Vec<_>>();
        let round = |from: &Partial<Fr<Portable>>| Partial { row: list(&from.row), column: list(&from.column), after: to(&from.after) };
        Schedule {
            width: self.width,
            before: list(&self.before),
            matrix: table(&self.matrix),
            into_partial: table(&self.into_partial),
            after: table(&self.after),
            partial: self.partial.iter().map(round).collect(),
            echoes: list(&self.echoes),
            carried: list(&self.carried),
        }
    }
}
