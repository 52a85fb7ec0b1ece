//! Multi-scalar multiplication: sums of points times scalars, in both groups, all of a proof's at once.
//!
//! Scalars are cut into windows of signed digits. In a window, points of equal digits are added up in affine coordinates with batched
//! inversions (`batch`, `groups`); the sums, weighted by their digits, follow from sums of rows and columns of the digits (`weighted`).
//! Scalars 0 are passed over, scalars 1 are one group, and short scalars take part in the lowest windows only (`scalars`, `windows`).

mod batch;
#[cfg(target_arch = "x86_64")]
mod coordinates;
#[cfg(target_arch = "x86_64")]
mod eight;
mod groups;
mod job;
mod points;
mod scalars;
mod weighted;
mod windows;

#[cfg(test)]
mod tests;

pub use scalars::Scalars;

#[cfg(target_arch = "x86_64")]
use crate::arithmetic::Adx;
use crate::arithmetic::{Cpu, Portable};
use crate::curve::{Accumulator, Affine, G1, G2, Group};
use crate::threads::{Task, Workers};
use batch::{Batch, Single};
#[cfg(target_arch = "x86_64")]
use eight::Eight;
use job::Prepared;
use std::cmp::Reverse;

/// Additions in the first group that one in the second costs.
const COST_OF_SECOND: usize = 3;

/// One sum: points times scalars.
#[derive(Clone, Copy, Debug)]
pub struct Job<'a> {
    /// As a key holds them: 64 bytes each in the first group, 128 in the second; coordinates below the modulus. As many as scalars.
    pub points: &'a [u8],
    /// What they are multiplied by.
    pub scalars: Scalars<'a>,
}

/// The sums of all jobs, in their order. Not constant-time. Requires fewer than 2^31 points a job, and a processor that has `cpu`.
pub fn sums(cpu: Cpu, workers: &Workers, g1: &[Job], g2: &[Job]) -> (Vec<Affine<G1<Portable>>>, Vec<Affine<G2<Portable>>>) {
    assert!(cpu.is_available(), "this processor does not have {cpu}");
    match cpu {
        Cpu::Portable => with::<Single<G1<Portable>>, Single<G2<Portable>>>(workers, g1, g2),
        #[cfg(target_arch = "x86_64")]
        Cpu::Adx => with::<Single<G1<Adx>>, Single<G2<Adx>>>(workers, g1, g2),
        #[cfg(target_arch = "x86_64")]
        Cpu::Ifma => with::<Eight<1, G1<Adx>>, Eight<2, G2<Adx>>>(workers, g1, g2),
        #[cfg(not(target_arch = "x86_64"))]
        Cpu::Adx | Cpu::Ifma => unreachable!("not available"),
    }
}

fn with<B1: Batch, B2: Batch>(workers: &Workers, g1: &[Job], g2: &[Job]) -> (Vec<Affine<G1<Portable>>>, Vec<Affine<G2<Portable>>>) {
    let (first, second) = all_sums::<B1, B2>(workers, g1, g2);
    (portable(&first), portable(&second))
}

/// A result of a task.
enum Sum<G1: Group, G2: Group> {
    First(Accumulator<G1>),
    Second(Accumulator<G2>),
}

fn all_sums<B1: Batch, B2: Batch>(workers: &Workers, g1: &[Job], g2: &[Job]) -> (Vec<Affine<B1::Group>>, Vec<Affine<B2::Group>>) {
    let first = g1.iter().map(|&job| -> Task<Prepared> { Box::new(move || Prepared::new::<B1::Group>(job)) });
    let second = g2.iter().map(|&job| -> Task<Prepared> { Box::new(move || Prepared::new::<B2::Group>(job)) });
    let prepared = workers.run(first.chain(second).collect());
    let mut pieces = Vec::new();
    for (number, job) in prepared.iter().enumerate() {
        let weight = if number < g1.len() { 1 } else { COST_OF_SECOND };
        pieces.extend(job.pieces().into_iter().map(|(piece, cost)| (weight * cost, number, piece)));
    }
    // Longest first, so that no thread is left with a long one at the end.
    let mut order: Vec<usize> = (0..pieces.len()).collect();
    order.sort_by_key(|&place| Reverse(pieces[place].0));
    let tasks = order.iter().map(|&place| -> Task<Sum<B1::Group, B2::Group>> {
        let (_, number, piece) = pieces[place];
        let job = &prepared[number];
        if number < g1.len() { Box::new(move || Sum::First(job.sum::<B1>(piece))) } else { Box::new(move || Sum::Second(job.sum::<B2>(piece))) }
    });
    let mut done: Vec<(usize, Sum<B1::Group, B2::Group>)> = order.iter().copied().zip(workers.run(tasks.collect())).collect();
    done.sort_by_key(|&(place, _)| place);
    let (mut first, mut second) = (Vec::new(), Vec::new());
    for (_, sum) in done {
        match sum {
            Sum::First(sum) => first.push(sum),
            Sum::Second(sum) => second.push(sum),
        }
    }
    (combine(&prepared[..g1.len()], &first), combine(&prepared[g1.len()..], &second))
}

/// From the sums of all pieces of all jobs.
fn combine<G: Group>(jobs: &[Prepared], mut sums: &[Accumulator<G>]) -> Vec<Affine<G>> {
    let mut of_next = |job: &Prepared| {
        let (of_this, rest) = sums.split_at(job.pieces().len());
        sums = rest;
        job.combine(of_this)
    };
    jobs.iter().map(&mut of_next).collect()
}

/// The same for arithmetic that anybody has.
fn portable<G: Group, P: Group>(points: &[Affine<G>]) -> Vec<Affine<P>> {
    let mut bytes = vec![0; G::POINT_BYTES];
    let mut one = |point: &Affine<G>| {
        point.write_bytes(&mut bytes);
        Affine::from_checked_bytes(&bytes)
    };
    points.iter().map(&mut one).collect()
}
