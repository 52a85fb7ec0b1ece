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
/// A thread takes at least as many tasks, so that all end at about the same time.
const TASKS_PER_THREAD: usize = 4;
/// Additions of a task: enough to grow many sums side by side, and no more than a core's memory and the machine's should hold.
const SMALLEST_TASK: usize = 1 << 15;
const LARGEST_TASK: usize = 1 << 17;

/// One sum: points times scalars.
#[derive(Clone, Copy, Debug)]
pub struct Job<'a> {
    /// As a key holds them: 64 bytes each in the first group, 128 in the second; coordinates below the modulus. As many as scalars.
    pub points: &'a [u8],
    /// What they are multiplied by.
    pub scalars: Scalars<'a>,
}

/// Sums in the first and in the second group.
pub type InBoth<F, S> = (Vec<Affine<F>>, Vec<Affine<S>>);

/// The sums of all jobs, in their order. Not constant-time. Requires fewer than 2^31 points a job, and a processor that has `cpu`.
pub fn sums(cpu: Cpu, workers: &Workers, g1: &[Job], g2: &[Job]) -> InBoth<G1<Portable>, G2<Portable>> {
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

fn with<B1: Batch, B2: Batch>(workers: &Workers, g1: &[Job], g2: &[Job]) -> InBoth<G1<Portable>, G2<Portable>> {
    let (first, second) = all_sums::<B1, B2>(workers, g1, g2);
    (portable(&first), portable(&second))
}

/// What a task adds up.
enum Sums<G1: Group, G2: Group> {
    First(Vec<Accumulator<G1>>),
    Second(Vec<Accumulator<G2>>),
}

fn all_sums<B1: Batch, B2: Batch>(workers: &Workers, g1: &[Job], g2: &[Job]) -> InBoth<B1::Group, B2::Group> {
    let first = g1.iter().map(|&job| -> Task<Prepared> { Box::new(move || Prepared::new::<B1::Group>(job)) });
    let second = g2.iter().map(|&job| -> Task<Prepared> { Box::new(move || Prepared::new::<B2::Group>(job)) });
    let prepared = workers.run(first.chain(second).collect());
    let weight = |number: usize| if number < g1.len() { 1 } else { COST_OF_SECOND };
    let cost: usize = prepared.iter().enumerate().map(|(number, job)| weight(number) * job.cost()).sum();
    let enough = (cost / (TASKS_PER_THREAD * workers.count())).clamp(SMALLEST_TASK, LARGEST_TASK);
    let mut pieces = Vec::new();
    for (number, job) in prepared.iter().enumerate() {
        let of_job = job.pieces(enough / weight(number)).into_iter();
        pieces.extend(of_job.map(|(piece, cost)| (number, piece, weight(number) * cost)));
    }
    // Longest first, so that no thread is left with a long one at the end.
    let mut order: Vec<usize> = (0..pieces.len()).collect();
    order.sort_by_key(|&place| Reverse(pieces[place].2));
    let tasks = order.iter().map(|&place| -> Task<Sums<B1::Group, B2::Group>> {
        let (number, piece, _) = &pieces[place];
        let job = &prepared[*number];
        if *number < g1.len() { Box::new(|| Sums::First(job.sums::<B1>(piece))) } else { Box::new(|| Sums::Second(job.sums::<B2>(piece))) }
    });
    let mut done: Vec<(usize, _)> = order.iter().copied().zip(workers.run(tasks.collect())).collect();
    done.sort_by_key(|&(place, _)| place);
    let (mut first, mut second) = (vec![Vec::new(); g1.len()], vec![Vec::new(); g2.len()]);
    for (place, sums) in done {
        match sums {
            Sums::First(sums) => first[pieces[place].0].extend(sums),
            Sums::Second(sums) => second[pieces[place].0 - g1.len()].extend(sums),
        }
    }
    let (in_first, in_second) = prepared.split_at(g1.len());
    (combined(in_first, &first), combined(in_second, &second))
}

/// From the sums of all pieces of each job.
fn combined<G: Group>(jobs: &[Prepared], sums: &[Vec<Accumulator<G>>]) -> Vec<Affine<G>> {
    jobs.iter().zip(sums).map(|(job, sums)| job.combine(sums)).collect()
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
