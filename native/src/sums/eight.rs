//! Additions in eight lanes.

use super::batch::{Batch, overwrite};
use super::coordinates::Coordinates;
use super::points::{Entry, Points};
use crate::arithmetic::{Cpu, Limbs};
use crate::curve::{Affine, Group};
use crate::field::{Field, batch_invert};
use crate::lanes::COUNT;
use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
use std::hint::black_box;

/// How many eights before they are computed with points are called from memory, and on the way back from the core's larger cache.
const AHEAD: usize = 6;
const AHEAD_BACK: usize = 4;
/// Products that grow independently, so that one can be computed while another is waited for.
const CHAINS: usize = 2;

/// Sums in eights. Coordinates are lanes with the numbers of keys, which are Montgomery forms for 2^256, while products of lanes divide by 2^260.
/// Writing [a] for the number that stands for a: from [d] = d 2^256 and the inverse that is scaled to be 2^518 / [d], a slope comes out as
/// [s] = s 2^258, its square as s^2 2^256, and its product with a difference as 2^254 times it, which four times is as it should be.
pub(super) struct Eight<const N: usize, G: Group> {
    sums: Vec<[Coordinates<N>; 2]>,
    /// How many sums there are.
    count: usize,
    /// Of first coordinates; 1 where nothing is to be added.
    differences: Vec<Coordinates<N>>,
    /// Of the chain's differences before.
    products: Vec<Coordinates<N>>,
    /// Lanes where something is to be added.
    adding: Vec<u8>,
    group: std::marker::PhantomData<G>,
}

#[allow(unsafe_code)]
impl<const N: usize, G: Group> Batch for Eight<N, G> {
    type Group = G;
    // 160 bytes of N coordinates each: less than a megabyte.
    const SIDE_BY_SIDE: usize = 4096 / N;

    fn new() -> Self {
        assert_eq!(G::POINT_BYTES, 64 * N);
        assert!(Cpu::Ifma.is_available());
        Self { sums: Vec::new(), count: 0, differences: Vec::new(), products: Vec::new(), adding: Vec::new(), group: std::marker::PhantomData }
    }

    fn start(&mut self, points: Points, entries: &[Entry]) {
        // SAFETY: the processor has the features, or `new` had panicked.
        unsafe { self.start_eights(halves(points), entries) }
    }

    fn add(&mut self, points: Points, entries: &[Entry], refused: &mut Vec<usize>) {
        // SAFETY: the processor has the features, or `new` had panicked.
        unsafe { self.add_eights(halves(points), entries, refused) }
    }

    fn finish(&self, take: impl FnMut((usize, Affine<G>))) {
        // SAFETY: the processor has the features, or `new` had panicked.
        unsafe { self.finish_eights(take) }
    }
}

impl<const N: usize, G: Group> Eight<N, G> {
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    fn start_eights(&mut self, points: &[[u8; 64]], entries: &[Entry]) {
        self.sums.clear();
        self.count = entries.len();
        for place in (0..entries.len()).step_by(COUNT) {
            call::<N>(points, entries, place + AHEAD * COUNT);
            let (entries, _) = eight(&entries[place..]);
            self.sums.push([Coordinates::load(points, &entries, 0), Coordinates::load(points, &entries, 1).negate_where(negative(&entries))]);
        }
    }

    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    fn add_eights(&mut self, points: &[[u8; 64]], entries: &[Entry], refused: &mut Vec<usize>) {
        let eights = entries.len().div_ceil(COUNT);
        if self.adding.len() < eights {
            self.differences.resize(eights, Coordinates::one());
            self.products.resize(eights, Coordinates::one());
            self.adding.resize(eights, 0);
        }
        let mut chains = [Coordinates::one(); CHAINS];
        let pairs = entries.len() / (CHAINS * COUNT);
        for pair in 0..pairs {
            self.subtract_some(points, entries, [CHAINS * pair, CHAINS * pair + 1], &mut chains);
        }
        for rest in CHAINS * pairs..eights {
            let [even, odd] = &mut chains;
            self.subtract_some(points, entries, [rest], std::array::from_mut(if rest % CHAINS == 0 { even } else { odd }));
        }
        if chains.iter().any(|chain| chain.is_zero() != 0) {
            chains = self.refuse(eights, refused);
        }
        let mut inverses = inverted::<N, G>(&chains);
        let mut end = eights;
        if end % CHAINS == 1 {
            end -= 1;
            self.add_some(points, entries, [end], &mut inverses);
        }
        while end > 0 {
            end -= CHAINS;
            self.add_some(points, entries, [end, end + 1], &mut inverses);
        }
    }

    /// Differences of some eights, one of each chain.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    fn subtract_some<const S: usize>(&mut self, points: &[[u8; 64]], entries: &[Entry], eights: [usize; S], chains: &mut [Coordinates<N>; S]) {
        for number in eights {
            call::<N>(points, entries, (number + AHEAD) * COUNT);
            let (entries, adding) = eight(&entries[number * COUNT..]);
            let difference = Coordinates::load(points, &entries, 0).minus::<2>(&self.sums[number][0]);
            self.differences[number] = if adding == u8::MAX { difference } else { difference.select(adding, &Coordinates::one()) };
            self.adding[number] = adding;
        }
        for (chain, number) in chains.iter_mut().zip(eights) {
            self.products[number] = *chain;
            *chain = self.differences[number].multiply(chain);
        }
    }

    /// Takes lanes whose difference is 0 out, and makes the products anew.
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    fn refuse(&mut self, eights: usize, refused: &mut Vec<usize>) -> [Coordinates<N>; CHAINS] {
        let mut chains = [Coordinates::one(); CHAINS];
        for eight in 0..eights {
            let difference = &mut self.differences[eight];
            let zeros = difference.is_zero();
            refused.extend((0..COUNT).filter(|lane| zeros >> lane & 1 == 1).map(|lane| eight * COUNT + lane));
            *difference = Coordinates::one().select(zeros, difference);
            self.adding[eight] &= !zeros;
            let chain = &mut chains[eight % CHAINS];
            self.products[eight] = *chain;
            *chain = difference.multiply(chain);
        }
        chains
    }

    /// Some eights at once, one of each chain from the first on, step by step.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    fn add_some<const S: usize>(&mut self, points: &[[u8; 64]], entries: &[Entry], eights: [usize; S], inverses: &mut [Coordinates<N>; CHAINS]) {
        for number in eights {
            call::<N>(points, entries, number.saturating_sub(AHEAD_BACK) * COUNT);
        }
        let entries = eights.map(|number| eight(&entries[number * COUNT..]).0);
        let inverse: [Coordinates<N>; S] = std::array::from_fn(|at| self.products[eights[at]].multiply(&inverses[at]));
        for at in 0..S {
            inverses[at] = self.differences[eights[at]].multiply(&inverses[at]);
        }
        let sums: [[Coordinates<N>; 2]; S] = eights.map(|number| self.sums[number]);
        let slope: [Coordinates<N>; S] = std::array::from_fn(|at| {
            let y = Coordinates::load(points, &entries[at], 1);
            y.signed_minus::<3>(negative(&entries[at]), &sums[at][1]).multiply(&inverse[at])
        });
        // The other first coordinate is the difference and the sum's.
        let x: [Coordinates<N>; S] =
            std::array::from_fn(|at| slope[at].square().minus_and_twice_settled::<7>(&self.differences[eights[at]], &sums[at][0]));
        let y: [Coordinates<N>; S] = std::array::from_fn(|at| {
            let product = sums[at][0].minus_times_four::<2>(&x[at]).multiply(&slope[at]);
            product.minus_settled::<2>(&sums[at][1])
        });
        for at in 0..S {
            let adding = self.adding[eights[at]];
            self.sums[eights[at]] = [x[at].select(adding, &sums[at][0]), y[at].select(adding, &sums[at][1])];
        }
    }

    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
    fn finish_eights(&self, mut take: impl FnMut((usize, Affine<G>))) {
        for (number, [x, y]) in self.sums.iter().enumerate() {
            let (x, y) = (x.store(), y.store());
            let present = COUNT.min(self.count - number * COUNT);
            (0..present).for_each(|lane| take((number * COUNT + lane, Affine { x: element(&x[lane]), y: element(&y[lane]) })));
        }
    }
}

#[allow(unsafe_code)]
impl<const N: usize, G: Group> Drop for Eight<N, G> {
    /// Sums tell which points they are of.
    fn drop(&mut self) {
        // SAFETY: the processor has the features, or `new` had panicked.
        let one = unsafe { Coordinates::one() };
        overwrite(&mut self.sums, [one; 2]);
        overwrite(&mut self.differences, one);
        overwrite(&mut self.products, one);
        black_box(self);
    }
}

/// The inverse of each lane's number n, scaled to be 2^518 / n.
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
fn inverted<const N: usize, G: Group>(chains: &[Coordinates<N>; CHAINS]) -> [Coordinates<N>; CHAINS] {
    let mut elements: Vec<G::Coordinate> = chains.iter().flat_map(|chain| chain.store()).map(|numbers| element(&numbers)).collect();
    // As Montgomery forms for 2^256 their inverses are 2^512 / n.
    batch_invert(&mut elements);
    let mut scaled = elements.chunks_exact(COUNT).map(|eight| {
        let numbers: [[Limbs; N]; COUNT] = std::array::from_fn(|lane| numbers(&(0..6).fold(eight[lane], |element, _| element.double())));
        Coordinates::from_numbers(&numbers)
    });
    std::array::from_fn(|_| scaled.next().expect("one for each chain"))
}

/// The first eight entries, or as many as there are and the first again; and which lanes are not again. Requires one.
#[inline(always)]
fn eight(entries: &[Entry]) -> ([Entry; COUNT], u8) {
    match entries.first_chunk() {
        Some(eight) => (*eight, u8::MAX),
        None => (std::array::from_fn(|lane| *entries.get(lane).unwrap_or(&entries[0])), (1 << entries.len()) - 1),
    }
}

/// Which of the points are to be taken away.
#[inline(always)]
fn negative(entries: &[Entry; COUNT]) -> u8 {
    (0..COUNT).fold(0, |mask, lane| mask | u8::from(entries[lane].is_negative()) << lane)
}

/// Points as pairs of numbers: one or two pairs each.
fn halves<'a>(points: Points<'a>) -> &'a [[u8; 64]] {
    points.bytes.as_chunks().0
}

/// Calls eight points from memory, from a place on, if there are any: of pairs of numbers that do not begin with a cache's line.
#[inline(always)]
#[allow(unsafe_code)]
fn call<const N: usize>(points: &[[u8; 64]], entries: &[Entry], place: usize) {
    let Some(entries) = entries.get(place..).and_then(|rest| rest.first_chunk::<COUNT>()) else {
        return;
    };
    for entry in entries {
        let pairs = &points[entry.index() * N..][..N];
        for byte in pairs.iter().map(|pair| &pair[0]).chain([&pairs[N - 1][63]]) {
            // SAFETY: the address is of a byte that is there, and nothing is read.
            unsafe { _mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(byte).cast()) }
        }
    }
}

fn element<const N: usize, F: Field>(numbers: &[Limbs; N]) -> F {
    let mut bytes = [0; 64];
    for (number, bytes) in numbers.as_flattened().iter().zip(bytes.chunks_exact_mut(8)) {
        bytes.copy_from_slice(&number.to_le_bytes());
    }
    F::from_checked_bytes(&bytes[..F::BYTES])
}

fn numbers<const N: usize, F: Field>(element: &F) -> [Limbs; N] {
    let mut bytes = [0; 64];
    element.write_montgomery_bytes(&mut bytes[..F::BYTES]);
    std::array::from_fn(|part| std::array::from_fn(|limb| u64::from_le_bytes(bytes[32 * part + 8 * limb..][..8].try_into().expect("eight bytes"))))
}
