//! Windows: pieces of the scalars' digits, each a sum of its own.

use super::groups::Groups;
use super::points::Entry;
use super::scalars::{Kinds, SHORT_BITS, Scalars, magnitude};
use crate::arithmetic::{Limbs, portable_add};
use crate::secret::{Secret, SecretList};
use std::ops::Range;

/// Bits of a dense scalar.
const DENSE_BITS: u32 = 254;
/// Short scalars stay within so many bits when the halves of signed windows are added.
const LOW_BITS: u32 = SHORT_BITS + 2;
/// What a window costs besides its additions, in additions: its rows and columns are summed up one by one.
const OVERHEAD: usize = 1500;
/// More bits make more groups than a core's memory should hold.
const MAXIMUM_WIDTH: u32 = 18;

/// Bits `offset .. offset + width` of all scalars.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Window {
    pub offset: u32,
    pub width: u32,
    /// Whether digits go from `-2^(width - 1)` to `2^(width - 1) - 1`, or from 0 to `2^width - 1` as in the highest.
    pub signed: bool,
}

/// How the scalars of a job are cut.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Plan {
    pub windows: Vec<Window>,
    /// Half of each signed window's range: with it added, digits are plain bits, less this half.
    halves: Limbs,
    /// Windows below this one hold digits of short scalars.
    low: usize,
}

impl Plan {
    /// The cheapest for so many scalars of both kinds.
    pub fn new(short: usize, dense: usize) -> Self {
        let mut windows = Vec::new();
        // Where short scalars are few, windows that suit them cost more than they save.
        let apart = dense == 0 || short > dense / 8;
        if dense == 0 && short > 0 {
            cut(&mut windows, LOW_BITS, short, true);
        } else if apart && dense > 0 {
            cut(&mut windows, LOW_BITS, short + dense, false);
        }
        let low = windows.len();
        if dense > 0 {
            let bits = DENSE_BITS - windows.iter().map(|window| window.width).sum::<u32>();
            cut(&mut windows, bits, dense + if apart { 0 } else { short }, true);
        }
        let mut halves = [0; 4];
        for window in windows.iter().filter(|window| window.signed) {
            let bit = window.offset + window.width - 1;
            halves[bit as usize / 64] |= 1 << (bit % 64);
        }
        Self { low: if apart { low } else { windows.len() }, windows, halves }
    }

    /// How many additions a window costs, roughly.
    pub fn cost(&self, window: usize, kinds: &Kinds) -> usize {
        let short = if window < self.low { kinds.short.len() } else { 0 };
        cost(self.windows[window].width, short + kinds.dense.len())
    }

    /// The points of some windows, grouped by digit: in a window, group d has the points whose digit is d, and the negatives of those whose digit
    /// is -d. Group 0 is empty. The groups of a window follow those of the one before.
    pub fn groups(&self, windows: Range<usize>, kinds: &Kinds, scalars: Scalars) -> Groups {
        let lists = |window: usize| [if window < self.low { &kinds.short[..] } else { &[] }, &kinds.dense[..]].into_iter().flatten();
        let mut digits = SecretList::<i32>::with_room(windows.len() * (kinds.short.len() + kinds.dense.len()));
        let mut starts = Secret::<u32>::zeros(self.windows[windows.clone()].iter().map(Window::groups).sum::<usize>() + 1);
        let mut first = 0;
        for number in windows.clone() {
            let window = self.windows[number];
            for &entry in lists(number) {
                let digit = window.digit(&portable_add(&magnitude(scalars, entry), &self.halves));
                digits.push(digit);
                starts[first + digit.unsigned_abs() as usize] += 1;
            }
            starts[first] = 0;
            first += window.groups();
        }
        let mut sum = 0;
        for start in starts.iter_mut() {
            sum += std::mem::replace(start, sum);
        }
        // Filled from each group's start, which then is the next one's.
        let mut entries = SecretList::<Entry>::with_room(sum as usize);
        entries.replace((0..sum as usize).map(|_| Entry::default()));
        let mut digits = digits.iter();
        first = 0;
        for number in windows {
            for (&entry, &digit) in lists(number).zip(&mut digits) {
                if digit != 0 {
                    let place = &mut starts[first + digit.unsigned_abs() as usize];
                    entries[*place as usize] = entry.negate_if(digit < 0);
                    *place += 1;
                }
            }
            first += self.windows[number].groups();
        }
        starts.rotate_right(1);
        starts[0] = 0;
        Groups { starts, entries }
    }
}

impl Window {
    /// Digits without their signs go from 0 to less than this.
    pub fn groups(&self) -> usize {
        if self.signed { (1 << (self.width - 1)) + 1 } else { 1 << self.width }
    }

    /// Of a scalar with the halves added. Bits above the highest window are 0.
    #[inline(always)]
    fn digit(&self, shifted: &Limbs) -> i32 {
        let (limb, shift) = (self.offset as usize / 64, self.offset % 64);
        let mut bits = shifted[limb] >> shift;
        if limb < 3 && shift > 0 {
            bits |= shifted[limb + 1] << (64 - shift);
        }
        let digit = (bits & ((1 << self.width) - 1)) as i32;
        if self.signed { digit - (1 << (self.width - 1)) } else { digit }
    }
}

/// Appends windows for so many bits of so many scalars. The highest of all is not signed: what a sign would carry has no window.
fn cut(windows: &mut Vec<Window>, bits: u32, scalars: usize, highest: bool) {
    // The highest has as many groups as a signed one with one bit more.
    let bits = bits + u32::from(highest);
    let widths = |count: u32| (0..count).map(move |place| bits / count + u32::from(place < bits % count));
    let total = |count: u32| widths(count).map(|width| cost(width, scalars)).sum::<usize>();
    let count = (bits.div_ceil(MAXIMUM_WIDTH)..=bits.div_ceil(3)).min_by_key(|&count| total(count)).expect("there are counts");
    for (place, width) in widths(count).enumerate() {
        let offset = windows.last().map_or(0, |window| window.offset + window.width);
        let signed = !(highest && place + 1 == count as usize);
        windows.push(Window { offset, width: if signed { width } else { width - 1 }, signed });
    }
}

/// In additions: each point once, each group in a row and a column, and a third one for what is done about it.
fn cost(width: u32, scalars: usize) -> usize {
    let groups = 1usize << (width - 1);
    scalars + scalars / 8 + 3 * groups.min(scalars) + OVERHEAD + (24 << (width / 2))
}
