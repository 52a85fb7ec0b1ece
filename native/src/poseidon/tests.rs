use super::parameters::{FULL_ROUNDS, Parameters};
use super::*;
use crate::testing::{Random, elements, number, vectors};

fn available() -> impl Iterator<Item = Cpu> {
    Cpu::ALL.into_iter().filter(|cpu| cpu.is_available())
}

fn bytes(numbers: &[Limbs]) -> Vec<u8> {
    numbers.iter().flatten().flat_map(|limb| limb.to_le_bytes()).collect()
}

fn hashes(cpu: Cpu, inputs: usize, numbers: &[Limbs]) -> Vec<Limbs> {
    let mut out = vec![0xff; ELEMENT_BYTES * numbers.len() / inputs];
    hash_many(cpu, inputs, &bytes(numbers), &mut out).expect("canonical elements");
    out.chunks_exact(ELEMENT_BYTES).map(limbs).collect()
}

/// The permutation as it is defined, round by round.
fn by_definition(parameters: &Parameters, inputs: &[Limbs]) -> Limbs {
    let mut state = vec![Fr::<Portable>::ZERO];
    state.extend(inputs.iter().map(|input| Fr::from_canonical(input).expect("canonical")));
    let full = FULL_ROUNDS / 2;
    for (round, constants) in parameters.constants.iter().enumerate() {
        let partial = (full..full + parameters.partial_rounds).contains(&round);
        for (place, element) in state.iter_mut().enumerate() {
            *element = *element + constants[place];
            if place == 0 || !partial {
                *element = element.pow(&[5]);
            }
        }
        state = matrix::times_column(&parameters.matrix, &state);
    }
    state[0].canonical()
}

#[test]
fn hashes_are_circomlibs() {
    let mut widths = [false; MOST_INPUTS];
    for line in vectors(include_str!("../../tests/vectors/poseidon.txt")) {
        let inputs: Vec<Limbs> = line[1..]
            .iter()
            .map(|text| {
                let value: i64 = text.parse().expect("a number");
                let size = Fr::<Portable>::from_u64(value.unsigned_abs());
                if value < 0 { -size } else { size }.canonical()
            })
            .collect();
        widths[inputs.len() - 1] = true;
        for cpu in available() {
            assert_eq!(hashes(cpu, inputs.len(), &inputs), [number(line[0])], "{cpu} {line:?}");
        }
    }
    assert_eq!(widths, [true; MOST_INPUTS]);
}

/// Full groups of eight, parts of one, and none at all.
#[test]
fn every_arithmetic_hashes_as_the_definition_says() {
    for inputs in 1..=MOST_INPUTS {
        let parameters = Parameters::new(inputs);
        for count in [0, 1, 7, 8, 19] {
            let mut numbers = elements::<ScalarField>(count as u64, inputs * count);
            let mut random = Random::new(inputs as u64);
            for place in (1..numbers.len()).rev() {
                numbers.swap(place, random.below(place + 1));
            }
            let expected: Vec<Limbs> = numbers.chunks_exact(inputs).map(|inputs| by_definition(&parameters, inputs)).collect();
            for cpu in available() {
                assert_eq!(hashes(cpu, inputs, &numbers), expected, "{cpu}, {inputs} inputs, {count} hashes");
            }
        }
    }
}

#[test]
fn an_element_that_is_not_below_the_modulus_is_refused_and_nothing_written() {
    for cpu in available() {
        for place in [0, 5, 29] {
            for beyond in [ScalarField::LIMBS, [u64::MAX; 4]] {
                let mut numbers = vec![[1, 2, 3, 4]; 30];
                numbers[place] = beyond;
                let mut out = vec![0xaa; 10 * ELEMENT_BYTES];
                assert_eq!(hash_many(cpu, 3, &bytes(&numbers), &mut out), Err(NotCanonical { place }));
                assert!(out.iter().all(|&byte| byte == 0xaa));
            }
        }
    }
}
