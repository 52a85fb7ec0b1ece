//! Sums of groups of points.

use super::batch::Batch;
use super::points::{Entry, Points};
use crate::curve::{Accumulator, Affine, Group};
use crate::secret::{Secret, SecretList};

/// Fewer sums than this grow one by one: an inversion costs as much as so many additions without one.
const FEW: usize = 24;

/// Groups of entries: group g has those from `starts[g]` to `starts[g + 1]`.
pub(super) struct Groups {
    pub starts: Secret<u32>,
    pub entries: SecretList<Entry>,
}

impl Groups {
    /// From the entries of each.
    pub fn new<I: Iterator<Item = Entry>>(groups: impl ExactSizeIterator<Item = I>, most: usize) -> Self {
        let (mut starts, mut entries) = (Secret::zeros(groups.len() + 1), SecretList::with_room(most));
        for (start, group) in starts.iter_mut().skip(1).zip(groups) {
            group.for_each(|entry| entries.push(entry));
            *start = entries.len() as u32;
        }
        Self { starts, entries }
    }

    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }

    fn size(&self, group: usize) -> usize {
        (self.starts[group + 1] - self.starts[group]) as usize
    }
}

/// A part of a group, short enough to be added up point by point.
#[derive(Clone, Copy)]
struct Part {
    start: u32,
    size: u32,
}

/// The sum of each group as a point of a key; of a group without entries it is infinity. No point of an entry may be infinity.
pub(super) fn sum_groups<B: Batch>(batch: &mut B, points: Points, groups: &Groups) -> Secret<u8> {
    let limit = part_limit(groups, B::SIDE_BY_SIDE);
    let mut parts = Vec::with_capacity(groups.len());
    let mut starts = Vec::with_capacity(groups.len() + 1);
    for group in 0..groups.len() {
        starts.push(parts.len() as u32);
        let (mut start, size) = (groups.starts[group], groups.size(group));
        let pieces = size.div_ceil(limit);
        for piece in 0..pieces {
            // Of nearly the same size, so that as many as possible grow side by side to the end.
            let size = ((size + piece) / pieces) as u32;
            parts.push(Part { start, size });
            start += size;
        }
    }
    starts.push(parts.len() as u32);
    let sums = sum_parts(batch, points, &groups.entries, &parts);
    let sums = Points { bytes: &sums, size: points.size };
    let whole = |group: usize| starts[group + 1] - starts[group] <= 1;
    if (0..groups.len()).all(whole) {
        return gather(sums, &starts);
    }
    // Parts may have cancelled to infinity, which no entry may be.
    let present = |range: &[u32]| (range[0] as usize..range[1] as usize).filter(|&part| !sums.is_infinity(part)).map(|part| Entry::new(part, false));
    sum_groups(batch, sums, &Groups::new(starts.windows(2).map(present), parts.len()))
}

/// Where every group has at most one part: its sum or infinity.
fn gather(sums: Points, starts: &[u32]) -> Secret<u8> {
    let mut out = Secret::zeros((starts.len() - 1) * sums.size);
    for (range, out) in starts.windows(2).zip(out.chunks_exact_mut(sums.size)) {
        if range[0] < range[1] {
            out.copy_from_slice(sums.raw(range[0] as usize));
        }
    }
    out
}

/// How many entries a part may have: few enough that there are parts to grow side by side, and enough that few groups of usual size are
/// divided.
fn part_limit(groups: &Groups, side_by_side: usize) -> usize {
    let entries = groups.entries.len();
    if entries < 8 * FEW {
        return entries.max(1);
    }
    (2 * entries / groups.len() + 8).min((2 * entries / side_by_side).max(8))
}

/// The sum of each part, none of which is empty.
fn sum_parts<B: Batch>(batch: &mut B, points: Points, entries: &[Entry], parts: &[Part]) -> Secret<u8> {
    let mut out = Secret::zeros(parts.len() * points.size);
    let (mut left_over, mut refused) = (Vec::new(), Vec::new());
    let room = B::SIDE_BY_SIDE.min(parts.len());
    let (mut round, mut starts) = (SecretList::with_room(room), SecretList::<u32>::with_room(room));
    for side_by_side in longest_first(parts).chunks(B::SIDE_BY_SIDE) {
        let size = |place: usize| parts[side_by_side[place] as usize].size;
        starts.replace(side_by_side.iter().map(|&part| parts[part as usize].start));
        round.replace(starts.iter().map(|&start| entries[start as usize]));
        batch.start(points, &round);
        let mut growing = side_by_side.len();
        for number in 1..size(0) {
            while size(growing - 1) <= number {
                growing -= 1;
            }
            if growing < FEW {
                for &part in &side_by_side[..growing] {
                    let Part { start, size } = parts[part as usize];
                    left_over.extend(entries[(start + number) as usize..(start + size) as usize].iter().map(|&entry| (part, entry)));
                }
                break;
            }
            round.replace(starts[..growing].iter().map(|&start| entries[(start + number) as usize]));
            batch.add(points, &round, &mut refused);
            left_over.extend(refused.drain(..).map(|place| (side_by_side[place], round[place])));
        }
        batch.finish(|(place, sum)| sum.write_bytes(&mut out[side_by_side[place] as usize * points.size..]));
    }
    add_left_over::<B::Group>(points, left_over, &mut out);
    out
}

/// Numbers of all parts, those with most entries first.
fn longest_first(parts: &[Part]) -> Vec<u32> {
    let longest = parts.iter().map(|part| part.size as usize).max().unwrap_or(0);
    let mut starts = vec![0u32; longest + 1];
    for part in parts {
        starts[longest - part.size as usize] += 1;
    }
    let mut sum = 0;
    for start in &mut starts {
        sum += std::mem::replace(start, sum);
    }
    let mut order = vec![0; parts.len()];
    for (number, part) in parts.iter().enumerate() {
        let start = &mut starts[longest - part.size as usize];
        order[*start as usize] = number as u32;
        *start += 1;
    }
    order
}

/// Adds entries to the sums of their parts, one by one, with formulas for all cases.
fn add_left_over<G: Group>(points: Points, mut left_over: Vec<(u32, Entry)>, sums: &mut [u8]) {
    left_over.sort_unstable_by_key(|&(part, _)| part);
    for of_one in left_over.chunk_by(|one, other| one.0 == other.0) {
        let sum = &mut sums[of_one[0].0 as usize * points.size..][..points.size];
        let mut accumulator = Accumulator::<G>::from(Affine::from_checked_bytes(sum));
        for &(_, entry) in of_one {
            accumulator.add_affine(&points.get(entry));
        }
        accumulator.to_affine().write_bytes(sum);
    }
}
