//! One sum in pieces that any thread may take.

use super::Job;
use super::batch::Batch;
use super::groups::{Groups, sum_groups};
use super::points::{Entry, Points};
use super::scalars::Kinds;
use super::weighted::weighted_sums;
use super::windows::{Plan, Window};
use crate::curve::{Accumulator, Affine, Group};
use std::ops::Range;

/// A job whose scalars are known by their kinds.
pub(super) struct Prepared<'a> {
    job: Job<'a>,
    kinds: Kinds,
    plan: Plan,
}

/// What a task adds up.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Piece {
    /// Points with scalars 1 and -1.
    Ones,
    /// Some windows.
    Windows(Range<usize>),
}

impl<'a> Prepared<'a> {
    pub fn new<G: Group>(job: Job<'a>) -> Self {
        let kinds = Kinds::of(Points::of::<G>(job.points), job.scalars);
        let plan = Plan::new(kinds.short.len(), kinds.dense.len());
        Self { job, kinds, plan }
    }

    /// How many additions the whole is, roughly.
    pub fn cost(&self) -> usize {
        self.pieces(usize::MAX).iter().map(|&(_, cost)| cost).sum()
    }

    /// Pieces that cost as much, or little more, and how many additions each is, roughly.
    pub fn pieces(&self, enough: usize) -> Vec<(Piece, usize)> {
        let mut pieces = vec![(Piece::Ones, self.kinds.ones.len())];
        let (mut first, mut cost) = (0, 0);
        for window in 0..self.plan.windows.len() {
            cost += self.plan.cost(window, &self.kinds);
            if cost >= enough || window + 1 == self.plan.windows.len() {
                pieces.push((Piece::Windows(first..window + 1), std::mem::take(&mut cost)));
                first = window + 1;
            }
        }
        pieces
    }

    /// A piece's sums: one, or one for each window.
    pub fn sums<B: Batch>(&self, piece: &Piece) -> Vec<Accumulator<B::Group>> {
        let points = Points::of::<B::Group>(self.job.points);
        let mut batch = B::new();
        match piece {
            Piece::Ones => {
                let sum = sum_groups(&mut batch, points, &Groups::new([self.kinds.ones.iter().copied()].into_iter(), self.kinds.ones.len()));
                vec![Points { bytes: &sum, size: points.size }.get(Entry::new(0, false)).into()]
            }
            Piece::Windows(windows) => {
                let groups = self.plan.groups(windows.clone(), &self.kinds, self.job.scalars);
                let sums = sum_groups(&mut batch, points, &groups);
                drop(groups);
                let lengths = self.plan.windows[windows.clone()].iter().map(Window::groups);
                weighted_sums(&mut batch, Points { bytes: &sums, size: points.size }, lengths)
            }
        }
    }

    /// The job's sum from those of all its pieces, in the pieces' order.
    pub fn combine<G: Group>(&self, sums: &[Accumulator<G>]) -> Affine<G> {
        let (ones, of_windows) = sums.split_first().expect("the piece of ones");
        let mut result = Accumulator::INFINITY;
        for (window, sum) in self.plan.windows.iter().zip(of_windows).rev() {
            // Highest first: what is there weighs as much as this window is wide.
            for _ in 0..window.width {
                result = result.double();
            }
            result.add(sum);
        }
        result.add(ones);
        result.to_affine()
    }
}
