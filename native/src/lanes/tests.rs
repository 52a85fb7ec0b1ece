use super::*;
use crate::arithmetic::{BaseField, Cpu, Portable, ScalarField, power_of_two};
use crate::field::{Element, Field};
use crate::testing::{Random, elements};

type E<M> = Element<M, Portable>;

/// Element by element what the lanes should hold, for pairs of edges with one another and of random numbers.
fn pairs<M: Modulus>() -> Vec<([Limbs; COUNT], [Limbs; COUNT])> {
    let numbers = elements::<M>(1, 4096);
    let mut random = Random::new(2);
    let mut drawn = || {
        std::array::from_fn(|_| {
            let end = if random.below(2) == 0 { 40 } else { numbers.len() };
            numbers[random.below(end)]
        })
    };
    (0..4096).map(|_| (drawn(), drawn())).collect()
}

fn each<M: Modulus>(a: &[Limbs; COUNT], b: &[Limbs; COUNT], what: impl Fn(E<M>, E<M>) -> E<M>) -> [Limbs; COUNT] {
    std::array::from_fn(|lane| what(E::from_montgomery(a[lane]), E::from_montgomery(b[lane])).montgomery())
}

fn by_lane(numbers: &[Limbs; COUNT]) -> [&Limbs; COUNT] {
    std::array::from_fn(|lane| &numbers[lane])
}

#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
fn agree<M: Modulus>() {
    for (a, b) in pairs::<M>() {
        let (x, y) = (Lanes::<M>::load_montgomery(by_lane(&a)), Lanes::<M>::load_montgomery(by_lane(&b)));
        // To bound 2.
        let (small_x, small_y) = (x.multiply(&Lanes::one()), y.multiply(&Lanes::one()));
        assert_eq!(x.store_montgomery(), a);
        assert_eq!(x.reduce::<16>().store_montgomery(), a);
        assert_eq!(small_x.multiply(&small_y).store_montgomery(), each::<M>(&a, &b, |a, b| a * b));
        assert_eq!(x.multiply(&small_y).store_montgomery(), each::<M>(&a, &b, |a, b| a * b));
        assert_eq!(small_x.square().store_montgomery(), each::<M>(&a, &b, |a, _| a.square()));
        assert_eq!(x.add(&y).store_montgomery(), each::<M>(&a, &b, |a, b| a + b));
        assert_eq!(x.double().store_montgomery(), each::<M>(&a, &b, |a, _| a.double()));
        assert_eq!(x.minus::<16>(&y).store_montgomery(), each::<M>(&a, &b, |a, b| a - b));
        assert_eq!(x.negate::<16>().store_montgomery(), each::<M>(&a, &b, |a, _| -a));
        assert_eq!(x.minus::<16>(&y).multiply(&small_x).store_montgomery(), each::<M>(&a, &b, |a, b| (a - b) * a));
        assert_eq!(small_x.minus::<2>(&small_x).is_zero::<4>(), 0xff);
        let zeros = |numbers: &[Limbs; COUNT]| (0..COUNT).fold(0, |mask, lane| mask | u8::from(numbers[lane] == [0; 4]) << lane);
        assert_eq!(x.is_zero::<16>(), zeros(&a));
        assert_eq!(x.minus::<16>(&y).is_zero::<32>(), zeros(&each::<M>(&a, &b, |a, b| a - b)));
        assert_eq!(Lanes::<M>::load(by_lane(&a)).store(), a);
        assert_eq!(Lanes::<M>::splat(&a[0]).store(), [a[0]; COUNT]);
        let constant = Lanes::constant(&Constant::new(&b[0]));
        assert_eq!(small_x.multiply(&constant).store_montgomery(), each::<M>(&a, &[b[0]; COUNT], |a, b| a * b));
        let canonical = each::<M>(&a, &b, |a, _| Element::from_montgomery(a.canonical()));
        assert_eq!(Lanes::<M>::load(by_lane(&canonical)).multiply(&Lanes::constant(&Constant::ENTER)).store_montgomery(), a);
        assert_eq!(small_x.multiply(&Lanes::constant(&Constant::LEAVE)).store(), canonical);
        assert_eq!(x.halve::<16>().halve::<8>().halve::<4>().multiply(&x).store_montgomery(), each::<M>(&a, &b, |a, _| a * a));
        let mut sum = Wide::zero();
        sum.add_product(&x, &small_x);
        sum.add_product(&small_y, &small_y);
        sum.add_product(&x, &small_y);
        assert_eq!(sum.reduce().store_montgomery(), each::<M>(&a, &b, |a, b| a * a + b * b + a * b));
        let mut sum = Wide::starting_with(&x);
        sum.add_product(&small_x, &small_y);
        assert_eq!(sum.reduce().store_montgomery(), each::<M>(&a, &b, |a, b| a + a * b));
        let mask = a[0][0] as u8;
        let chosen = x.select(mask, &y).store_montgomery();
        assert!((0..COUNT).all(|lane| chosen[lane] == if mask >> lane & 1 == 1 { a[lane] } else { b[lane] }));
    }
}

/// The largest numbers that bounds allow. All stand for -1, not in Montgomery form.
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
fn hold_at_the_limits<M: Modulus>() {
    let most = |multiple: u32| {
        let mut limbs = times(M::P, u64::from(multiple));
        limbs[0] -= 1;
        Lanes::<M>::with(std::array::from_fn(|place| splat(limbs[place])), Bound::new(multiple))
    };
    let inverse = E::<M>::from_canonical(&power_of_two(M::LIMBS, 260)).expect("below the modulus").invert().expect("not 0");
    let everywhere = |element: E<M>| [element.canonical(); COUNT];
    for (left, right) in [(1, 1), (2, 2), (1, 84), (84, 1), (4, 21), (9, 9), (12, 7)] {
        assert_eq!(most(left).multiply(&most(right)).store(), everywhere(inverse));
    }
    assert_eq!(most(9).square().store(), everywhere(inverse));
    let mut sum = Wide::zero();
    for _ in 0..84 {
        sum.add_product(&most(1), &most(1));
    }
    assert_eq!(sum.reduce().store(), everywhere(inverse * E::from_u64(84)));
    let minus_one = everywhere(-E::<M>::ONE);
    for multiple in 1..MOST {
        assert_eq!(most(multiple).lower().store(), minus_one);
        let zero = std::array::from_fn(|place| splat(times(M::P, u64::from(multiple))[place]));
        assert_eq!(Lanes::<M>::with(zero, Bound::new(multiple + 1)).lower().store(), everywhere(E::ZERO));
    }
    assert_eq!(most(84).multiply(&Lanes::one()).store(), minus_one);
    assert_eq!(most(1).reduce::<1>().store(), minus_one);
    assert_eq!(most(2).reduce::<2>().store(), minus_one);
    assert_eq!(most(4).reduce::<4>().store(), minus_one);
    assert_eq!(most(64).reduce::<64>().store(), minus_one);
    assert_eq!(most(40).add(&most(44)).multiply(&Lanes::one()).store(), everywhere(-E::from_u64(2)));
    assert_eq!(most(1).minus::<83>(&most(83)).multiply(&Lanes::one()).store(), everywhere(E::ZERO));
    assert_eq!(Lanes::<M>::zero().negate::<1>().store(), everywhere(E::ZERO));
}

/// Products of numbers of any size that bounds allow are below twice the modulus.
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512ifma")]
fn keep_their_bound<M: Modulus>() {
    let mut random = Random::new(8);
    let [below_twice, most] = [2, MOST].map(|multiple| times(M::P, u64::from(multiple)));
    let less = |a: &Limbs52, b: &Limbs52| a.iter().rev().lt(b.iter().rev());
    for _ in 0..10_000 {
        let large = loop {
            let drawn: Limbs52 = std::array::from_fn(|_| random.word() & MASK);
            if less(&drawn, &most) {
                break drawn;
            }
        };
        let large = Lanes::<M>::with(std::array::from_fn(|place| splat(large[place])), Bound::new(MOST));
        let numbers: [Limbs; COUNT] = std::array::from_fn(|_| random.element::<M>());
        let product = large.multiply(&Lanes::load(by_lane(&numbers)));
        let limbs = product.limbs.map(words);
        for lane in 0..COUNT {
            assert!(less(&limbs.map(|words| words[lane]), &below_twice));
        }
    }
}

#[allow(unsafe_code)]
fn words(vector: __m512i) -> [u64; COUNT] {
    // SAFETY: both are 64 bytes without padding, and every pattern of bits is a value of the result.
    unsafe { std::mem::transmute(vector) }
}

/// Whether there is anything to test; without AVX-512 the program never comes here.
fn available() -> bool {
    Cpu::Ifma.is_available()
}

#[test]
#[allow(unsafe_code)]
fn lanes_agree_with_portable_arithmetic() {
    if available() {
        // SAFETY: this processor has the features.
        unsafe {
            agree::<BaseField>();
            agree::<ScalarField>();
        }
    }
}

#[test]
#[allow(unsafe_code)]
fn lanes_hold_at_the_limits_of_their_bounds() {
    if available() {
        // SAFETY: this processor has the features.
        unsafe {
            hold_at_the_limits::<BaseField>();
            hold_at_the_limits::<ScalarField>();
            keep_their_bound::<BaseField>();
            keep_their_bound::<ScalarField>();
        }
    }
}
