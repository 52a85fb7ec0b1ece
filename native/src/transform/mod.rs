//! Number-theoretic transforms: the quotient polynomial of a proof, by its values on a coset.
//!
//! With A and B the polynomials that take the given values on the domain (the n-th roots of unity) and C the one that takes the values' products
//! there, A B - C vanishes on the domain. Section 9 of a key wants its values on the odd coset: the odd powers of the 2n-th root.
//!
//! So each polynomial goes to its coefficients and back to values elsewhere. The n values are seen as a matrix, and pass through the caches three
//! times: columns (the first half of the layers towards coefficients), rows (the second half, the step to the coset, and the first half back),
//! columns again. Coefficients stay in bit-reversed order, which nobody sees.

mod columns;
#[cfg(target_arch = "x86_64")]
mod eight;
mod layers;
mod roots;
mod scalar;

#[cfg(target_arch = "x86_64")]
use crate::arithmetic::Adx;
use crate::arithmetic::{Cpu, Limbs, Portable};
use crate::secret::Secret;
use crate::threads::{Task, Workers};
use columns::split_columns;
use roots::Roots;
use scalar::Scalar;

/// Rows that are transformed together.
const ROWS_TOGETHER: usize = 8;
/// Columns that are transformed together: 256 bytes, whole cache lines.
const COLUMNS_TOGETHER: usize = 8;
/// Tasks for each thread, so that none waits long for the last.
const TASKS_A_WORKER: usize = 4;

/// Polynomials A, B and C.
const POLYNOMIALS: usize = 3;

/// Values of A B - C on the odd coset, canonical, from the values of A and B on the domain in Montgomery form. Requires two equal lengths, a power
/// of two up to 2^27.
pub fn quotient(cpu: Cpu, workers: &Workers, a: Secret<Limbs>, b: Secret<Limbs>) -> Secret<Limbs> {
    assert!(a.len() == b.len() && a.len().is_power_of_two(), "two equal powers of two");
    match cpu {
        #[cfg(target_arch = "x86_64")]
        Cpu::Ifma if a.len() >= eight::Eight::SHORTEST => quotient_with(&eight::Eight::new(workers, a.len()), workers, a, b),
        #[cfg(target_arch = "x86_64")]
        Cpu::Adx | Cpu::Ifma => quotient_with(&Scalar::<Adx>::new(workers, a.len()), workers, a, b),
        _ => quotient_with(&Scalar::<Portable>::new(workers, a.len()), workers, a, b),
    }
}

/// The same columns of each polynomial, row by row.
type Columns<'a> = [Vec<&'a mut [Limbs]>; POLYNOMIALS];

/// The three passes for one way to multiply.
trait Passes: Sync {
    /// Makes C of A and B, and does the layers between rows of all three, towards coefficients.
    fn first(&self, columns: Columns<'_>);
    /// For whole rows of one polynomial, of which the first has this number: the layers within rows, the step to the coset, the layers back.
    fn second(&self, first_row: usize, row_length: usize, rows: &mut [Limbs]);
    /// Does the layers between rows of all three, towards values, and puts A B - C in A's place.
    fn third(&self, columns: Columns<'_>);
}

fn quotient_with<P: Passes>(passes: &P, workers: &Workers, a: Secret<Limbs>, b: Secret<Limbs>) -> Secret<Limbs> {
    let row_length = 1 << (a.len().ilog2().div_ceil(2));
    let c = Secret::zeros(a.len());
    let mut polynomials = [a, b, c];
    let over_columns = |polynomials: &mut [Secret<Limbs>; POLYNOMIALS], pass: fn(&P, Columns<'_>)| {
        let columns = split_columns(polynomials.each_mut().map(|polynomial| &mut polynomial[..]), row_length, workers.count() * TASKS_A_WORKER);
        workers.run(columns.into_iter().map(|columns| Box::new(move || pass(passes, columns)) as Task<'_, ()>).collect());
    };
    over_columns(&mut polynomials, P::first);
    let groups = polynomials.iter_mut().flat_map(|polynomial| polynomial.chunks_mut(ROWS_TOGETHER * row_length).enumerate());
    let second = |(group, rows)| Box::new(move || passes.second(group * ROWS_TOGETHER, row_length, rows)) as Task<'_, ()>;
    workers.run(groups.map(second).collect());
    over_columns(&mut polynomials, P::third);
    let [quotient, _, _] = polynomials;
    quotient
}

#[cfg(test)]
mod tests;
