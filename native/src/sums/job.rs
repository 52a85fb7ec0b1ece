//! One sum in pieces that any thread may take.

use super::Job;
use super::batch::Batch;
use super::groups::{Groups, sum_groups};
use super::points::{Entry, Points};
use super::scalars::Kinds;
use super::weighted::weighted_sum;
use super::windows::Plan;
use crate::curve::{Accumulator, Affine, Group};

/// A job whose scalars are known by their kinds.
pub(super) struct Prepared<'a> {
    job: Job<'a>,
    kinds: Kinds,
    plan: Plan,
}

/// What a task adds up.
#[derive(Clone, Copy)]
pub(super) enum Piece {
    /// Points with scalars 1 and -1.
    Ones,
    /// One window.
    Window(usize),
}

impl<'a> Prepared<'a> {
    pub fn new<G: Group>(job: Job<'a>) -> Self {
        let kinds = Kinds::of(Points::of::<G>(job.points), job.scalars);
        let plan = Plan::new(kinds.short.len(), kinds.dense.len());
        Self { job, kinds, plan }
    }

    /// All pieces and how many additions each is, roughly.
    pub fn pieces(&self) -> Vec<(Piece, usize)> {
        let windows = (0..self.plan.windows.len()).map(|window| (Piece::Window(window), self.plan.cost(window, &self.kinds)));
        windows.chain([(Piece::Ones, self.kinds.ones.len())]).collect()
    }

    pub fn sum<B: Batch>(&self, piece: Piece) -> Accumulator<B::Group> {
        let points = Points::of::<B::Group>(self.job.points);
        let mut batch = B::new();
        match piece {
            Piece::Ones => {
                let sum = sum_groups(&mut batch, points, &Groups::one(self.kinds.ones.clone()));
                Points { bytes: &sum, size: points.size }.get(Entry::new(0, false)).into()
            }
            Piece::Window(window) => {
                let groups = self.plan.groups(window, &self.kinds, self.job.scalars);
                let sums = sum_groups(&mut batch, points, &groups);
                drop(groups);
                weighted_sum(&mut batch, Points { bytes: &sums, size: points.size })
            }
        }
    }

    /// The job's sum from those of its pieces, in the pieces' order.
    pub fn combine<G: Group>(&self, sums: &[Accumulator<G>]) -> Affine<G> {
        let mut result = Accumulator::INFINITY;
        for (window, sum) in self.plan.windows.iter().zip(sums).rev() {
            // Highest first: what is there weighs as much as this window is wide.
            for _ in 0..window.width {
                result = result.double();
            }
            result.add(sum);
        }
        result.add(sums.last().expect("the piece of ones"));
        result.to_affine()
    }
}
