//! A and B times the witness.

use super::dot_product::DotProduct;
#[cfg(target_arch = "x86_64")]
use crate::arithmetic::Adx;
use crate::arithmetic::{Arithmetic, Cpu, Limbs, Portable};
use crate::files::{Key, limbs};
use crate::secret::Secret;
use crate::threads::{Task, Workers};

/// Parts for each thread, so that none waits long for the last.
const PARTS_A_WORKER: usize = 8;

/// `A w` and `B w` on all rows of the domain, in Montgomery form. Requires wires that were checked for this key.
pub fn rows(cpu: Cpu, workers: &Workers, key: &Key, wires: &[u8]) -> [Secret<Limbs>; 2] {
    match cpu {
        #[cfg(target_arch = "x86_64")]
        Cpu::Adx | Cpu::Ifma => rows_with::<Adx>(workers, key, wires),
        _ => rows_with::<Portable>(workers, key, wires),
    }
}

/// Each task has rows of its own, which begin where its entries begin: entries come in the order of rows.
fn rows_with<A: Arithmetic>(workers: &Workers, key: &Key, wires: &[u8]) -> [Secret<Limbs>; 2] {
    let [mut a, mut b] = [(); 2].map(|()| Secret::zeros(key.domain));
    let cuts = cuts(key, workers.count() * PARTS_A_WORKER);
    let mut tasks: Vec<Task<'_, ()>> = Vec::with_capacity(cuts.len());
    let (mut rest_a, mut rest_b) = (&mut a[..], &mut b[..]);
    for pair in cuts.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        let (part_a, part_b);
        (part_a, rest_a) = rest_a.split_at_mut(to.row - from.row);
        (part_b, rest_b) = rest_b.split_at_mut(to.row - from.row);
        tasks.push(Box::new(move || multiply::<A>(key, wires, from, to, part_a, part_b)));
    }
    workers.run(tasks);
    [a, b]
}

/// The entry with which a row begins.
#[derive(Clone, Copy, PartialEq)]
struct Cut {
    entry: usize,
    row: usize,
}

/// From the first row to behind the last, in about equal numbers of entries.
fn cuts(key: &Key, parts: usize) -> Vec<Cut> {
    let mut cuts = vec![Cut { entry: 0, row: 0 }];
    for part in 1..parts {
        let target = key.entries() * part / parts;
        if target == 0 {
            continue;
        }
        let row_before = key.entry(target - 1).row;
        let cut = (target..key.entries()).map(|entry| Cut { entry, row: key.entry(entry).row }).find(|cut| cut.row > row_before);
        cuts.extend(cut.filter(|cut| cuts.last() != Some(cut)));
    }
    cuts.push(Cut { entry: key.entries(), row: key.domain });
    cuts
}

fn multiply<A: Arithmetic>(key: &Key, wires: &[u8], from: Cut, to: Cut, a: &mut [Limbs], b: &mut [Limbs]) {
    let mut sums = [DotProduct::default(); 2];
    let mut row = from.row;
    // The coefficient times 2^512 times the wire, divided by 2^256: a product in Montgomery form.
    let mut finish = |row: usize, sums: &mut [DotProduct; 2]| {
        a[row - from.row] = sums[0].take::<A>();
        b[row - from.row] = sums[1].take::<A>();
    };
    for place in from.entry..to.entry {
        let entry = key.entry(place);
        if entry.row != row {
            finish(row, &mut sums);
            row = entry.row;
        }
        sums[usize::from(entry.is_b)].add(&entry.value, &limbs(&wires[32 * entry.wire..32 * entry.wire + 32]));
    }
    if from.entry < to.entry {
        finish(row, &mut sums);
    }
}
