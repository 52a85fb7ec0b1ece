//! Roots of unity in bit-reversed order.

use crate::arithmetic::{Limbs, Modulus, Portable, ScalarField};
use crate::field::{Field, Fr};
use crate::threads::{Task, Workers};
use std::sync::{Arc, Mutex};

/// The group of the field's units has a subgroup of this power of two, and 5 is no square.
const LARGEST_ORDER: u32 = 28;
const NON_RESIDUE: u64 = 5;
/// Roots that one task computes.
const CHUNK: usize = 1 << 14;

/// Roots of unity of order 2^k in order of bit-reversed exponents: place 0 has 1, place 1 the square root of -1, places 2 and 3 its square roots and
/// so on, so that the roots of a smaller order come first. Place i of the first n/2 has the root that block i of a layer takes, whatever the layer;
/// the first n are the step to the coset, in the order of bit-reversed coefficients.
#[derive(Clone)]
pub struct Roots(Arc<Vec<Limbs>>);

impl Roots {
    /// The first `count`, a power of two, each times what stands for 1. Made once for each of these and kept: they are the same for all keys.
    pub fn new(workers: &Workers, kept: &'static Mutex<Option<Roots>>, one: &Limbs, count: usize) -> Self {
        let mut kept = kept.lock().expect("nothing panics under this lock");
        match kept.as_ref().filter(|roots| roots.0.len() >= count) {
            Some(roots) => roots.clone(),
            None => kept.insert(Self(Arc::new(compute(workers, one, count)))).clone(),
        }
    }

    /// The root at a place.
    #[inline(always)]
    pub fn at(&self, place: usize) -> &Limbs {
        &self.0[place]
    }

    /// Where the inverse of a root is, with its sign changed. Requires a place other than 0.
    ///
    /// With the highest bit of the place at s, the exponent is an odd multiple of n / 2^(s+2) below n/2, and n/2 less that has all its bits above the
    /// lowest one inverted: in reversed order, all below the highest.
    #[inline(always)]
    pub fn minus_inverse(place: usize) -> usize {
        place ^ ((1 << place.ilog2()) - 1)
    }
}

fn compute(workers: &Workers, one: &Limbs, count: usize) -> Vec<Limbs> {
    let mut roots = vec![*one; count];
    let mut known = 1;
    // The primitive roots of order 4, 8, ...
    for order in (2..).take_while(|order| count >> (order - 1) > 0) {
        let primitive = primitive_root(order);
        let (from, to) = roots.split_at_mut(known);
        let chunks = from.chunks(CHUNK).zip(to.chunks_mut(CHUNK));
        let multiply = |(from, to): (&[Limbs], &mut [Limbs])| {
            for (from, to) in from.iter().zip(to) {
                *to = (Fr::<Portable>::from_montgomery(*from) * primitive).montgomery();
            }
        };
        workers.run(chunks.map(|chunk| Box::new(move || multiply(chunk)) as Task<'_, ()>).collect());
        known *= 2;
    }
    roots
}

/// The root of order 2^k that snarkjs takes.
fn primitive_root(power: u32) -> Fr<Portable> {
    assert!(power <= LARGEST_ORDER, "a domain of up to 2^27 rows");
    // (p - 1) / 2^28: p - 1 ends with 28 zeros.
    let [a, b, c, d] = ScalarField::LIMBS;
    let odd = [a >> 28 | b << 36, b >> 28 | c << 36, c >> 28 | d << 36, d >> 28];
    let mut root = Fr::<Portable>::from_u64(NON_RESIDUE).pow(&odd);
    for _ in power..LARGEST_ORDER {
        root = root.square();
    }
    root
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stand_where_blocks_look_for_them() {
        static KEPT: Mutex<Option<Roots>> = Mutex::new(None);
        let roots = Roots::new(&Workers::new(2), &KEPT, &ScalarField::ONE, 16);
        let at = |place: usize| Fr::<Portable>::from_montgomery(*roots.at(place));
        let root = primitive_root(5);
        assert_eq!(root.pow(&[16]), -Fr::ONE);
        for place in 0..16usize {
            let exponent = (place as u64).reverse_bits() >> 60;
            assert_eq!(at(place), root.pow(&[exponent]));
            if place > 0 {
                assert_eq!(at(place) * at(Roots::minus_inverse(place)), -Fr::ONE);
            }
        }
    }
}
