use super::*;
use crate::arithmetic::{Modulus, ScalarField};
use crate::groth16::toy::{PUBLIC, Toy, WIRES, file};
use crate::groth16::{Prover, Timings};
use crate::refusal::{Code, Refusal};
use crate::testing::{Random, mutate};
use crate::threads::Workers;

type Sections = Vec<(u32, Vec<u8>)>;

const ONE: fn() -> Workers = || Workers::new(1);

fn sections(bytes: &[u8]) -> Sections {
    let mut sections = Vec::new();
    let mut rest = &bytes[12..];
    while !rest.is_empty() {
        let length = u64::from_le_bytes(rest[4..12].try_into().unwrap()) as usize;
        sections.push((rest[0].into(), rest[12..12 + length].to_vec()));
        rest = &rest[12 + length..];
    }
    sections
}

fn key(bytes: &[u8]) -> Result<Key, Refusal> {
    Key::parse(&ONE(), bytes.to_vec().into(), "k.zkey")
}

fn key_with(change: impl FnOnce(&mut Sections)) -> String {
    let mut sections = sections(&Toy::new(1, true).zkey);
    change(&mut sections);
    let refusal = key(&file("zkey", 1, &sections)).map(|_| ()).unwrap_err();
    assert_eq!(refusal.code, Code::Key);
    refusal.message
}

fn section(sections: &mut Sections, id: u32) -> &mut Vec<u8> {
    &mut sections.iter_mut().find(|(other, _)| *other == id).unwrap().1
}

fn witness(bytes: &[u8]) -> Result<(), Refusal> {
    let witness = Witness::parse(bytes.to_vec().into(), "w.wtns")?;
    check_wires(&ONE(), &witness, WIRES, "w.wtns")
}

fn witness_with(change: impl FnOnce(&mut Sections)) -> String {
    let mut sections = sections(&Toy::new(1, true).wtns);
    change(&mut sections);
    let refusal = witness(&file("wtns", 2, &sections)).unwrap_err();
    assert_eq!(refusal.code, Code::Witness);
    refusal.message
}

#[test]
fn takes_keys_and_witnesses_as_they_are_written() {
    let toy = Toy::new(1, true);
    let key = key(&toy.zkey).unwrap();
    assert_eq!((key.wires, key.public_signals), (WIRES, PUBLIC));
    witness(&toy.wtns).unwrap();
}

#[test]
fn reads_entries_in_the_order_of_rows() {
    let [sorted, other] = [true, false].map(|sorted| {
        let key = key(&Toy::new(1, sorted).zkey).unwrap();
        let mut entries: Vec<_> = (0..key.entries()).map(|place| key.entry(place)).collect();
        assert!(entries.is_sorted_by_key(|entry| entry.row));
        entries.sort_by_key(|entry| (entry.row, entry.wire, entry.is_b, entry.value));
        entries.iter().map(|entry| (entry.is_b, entry.row, entry.wire, entry.value)).collect::<Vec<_>>()
    });
    assert_eq!(sorted, other);
}

#[test]
fn refuses_keys_that_are_not_what_they_should_be() {
    let modulus: Vec<u8> = crate::arithmetic::BaseField::LIMBS.iter().flat_map(|limb| limb.to_le_bytes()).collect();
    let order: Vec<u8> = ScalarField::LIMBS.iter().flat_map(|limb| limb.to_le_bytes()).collect();
    let said = [
        key_with(|sections| section(sections, 1)[0] = 2),
        key_with(|sections| section(sections, 2)[4] ^= 1),
        key_with(|sections| section(sections, 2)[40] ^= 1),
        key_with(|sections| section(sections, 2)[80] = 17),
        key_with(|sections| section(sections, 2)[83] = 16),
        key_with(|sections| section(sections, 2)[76] = WIRES as u8),
        key_with(|sections| section(sections, 2)[84] ^= 1),
        key_with(|sections| section(sections, 2)[84 + 384..84 + 448].fill(0)),
        key_with(|sections| section(sections, 3).push(0)),
        key_with(|sections| section(sections, 4)[0] ^= 1),
        key_with(|sections| section(sections, 4)[4] = 2),
        key_with(|sections| section(sections, 4)[8] = 16),
        key_with(|sections| section(sections, 4)[12] = WIRES as u8),
        key_with(|sections| section(sections, 4)[16..48].copy_from_slice(&order)),
        key_with(|sections| section(sections, 7)[96..128].copy_from_slice(&modulus)),
        key_with(|sections| section(sections, 9).truncate(64)),
        key_with(|sections| sections.retain(|(id, _)| *id != 8)),
        key_with(|sections| sections.push((9, Vec::new()))),
    ];
    let expected = [
        "k.zkey is a key of another proof system than Groth16",
        "k.zkey is over another curve than bn128",
        "k.zkey is over another curve than bn128",
        "k.zkey has a domain of 17 rows, which is no power of two up to 2^27",
        "k.zkey has a domain of 268435472 rows, which is no power of two up to 2^27",
        "k.zkey has more public signals than wires",
        "k.zkey: section 2 has a point that is not on the curve, or at infinity",
        "k.zkey: section 2 has a point that is not on the curve, or at infinity",
        "k.zkey: section 3 does not fit the header",
        "k.zkey: section 4 does not fit its own count",
        "k.zkey: entry 0 of section 4 is of no matrix, row or wire of this key, or not below the modulus",
        "k.zkey: entry 0 of section 4 is of no matrix, row or wire of this key, or not below the modulus",
        "k.zkey: entry 0 of section 4 is of no matrix, row or wire of this key, or not below the modulus",
        "k.zkey: entry 0 of section 4 is of no matrix, row or wire of this key, or not below the modulus",
        "k.zkey: section 7 has a coordinate at place 3 that is not below the modulus",
        "k.zkey: section 9 does not fit the header",
        "k.zkey lacks section 8",
        "k.zkey has section 9 twice",
    ];
    assert_eq!(said, expected.map(|problem| format!("{problem}: make or fetch the key again")));
}

#[test]
fn refuses_witnesses_that_are_not_what_they_should_be() {
    let order: Vec<u8> = ScalarField::LIMBS.iter().flat_map(|limb| limb.to_le_bytes()).collect();
    let said = [
        witness_with(|sections| section(sections, 1)[4] ^= 1),
        witness_with(|sections| section(sections, 1)[36] ^= 1),
        witness_with(|sections| section(sections, 2)[0] = 2),
        witness_with(|sections| section(sections, 2)[96..128].copy_from_slice(&order)),
        witness_with(|sections| {
            section(sections, 1)[36] -= 1;
            section(sections, 2).truncate(32 * (WIRES - 1));
        }),
    ];
    let expected = [
        "w.wtns is over another field than that of bn128",
        "w.wtns: section 2 does not fit the header",
        "w.wtns: wire 0 is not 1",
        "w.wtns: wire 3 is not below the modulus",
        "w.wtns has 10 wires, the key takes 11: they are of different circuits",
    ];
    assert_eq!(said, expected.map(|problem| format!("{problem}: compute the witness again")));
}

#[test]
fn refuses_every_truncation() {
    let toy = Toy::new(2, false);
    for length in 0..toy.zkey.len() {
        assert_eq!(key(&toy.zkey[..length]).map(|_| ()).unwrap_err().code, Code::Key);
    }
    for length in 0..toy.wtns.len() {
        assert_eq!(witness(&toy.wtns[..length]).unwrap_err().code, Code::Witness);
    }
    assert!(key(&[&toy.zkey[..], &[0]].concat()).is_err());
    assert!(witness(&[&toy.wtns[..], &[0]].concat()).is_err());
}

/// What still passes the checks makes a proof, if a wrong one: nothing that a file holds makes the prover panic.
#[test]
fn survives_mutated_files() {
    let mut random = Random::new(0x66757a7a);
    let prover = Prover { cpu: crate::arithmetic::Cpu::detect(), workers: ONE() };
    let toy = Toy::new(3, false);
    let good = key(&toy.zkey).unwrap();
    let (mut keys, mut witnesses) = (0, 0);
    for _ in 0..6_000 {
        if let Ok(key) = key(&mutate(&mut random, &toy.zkey)) {
            keys += 1;
            if keys % 16 == 0 {
                let wires = &toy.wires[..32 * key.wires.min(WIRES)];
                let _ = prover.prove(&key, wires, "w", &mut Timings::start());
            }
        }
        if let Ok(witness) = Witness::parse(mutate(&mut random, &toy.wtns).into(), "w") {
            let proof = prover.prove(&good, &witness, "w", &mut Timings::start());
            witnesses += usize::from(proof.is_ok());
        }
    }
    // Else it tests the refusals only.
    assert!(keys > 200 && witnesses > 200, "{keys} {witnesses}");
}

#[test]
fn writes_all_files_or_none() {
    let folder = std::env::temp_dir().join(format!("clearproof-output-{}", std::process::id()));
    std::fs::create_dir(&folder).unwrap();
    let [first, second] = ["a.json", "b.json"].map(|name| folder.join(name));
    let missing = folder.join("missing").join("b.json");
    assert_eq!(write_all(&[(&first, "1"), (&missing, "2")]).unwrap_err().code, Code::Output);
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
    write_all(&[(&first, "1"), (&second, "2")]).unwrap();
    write_all(&[(&first, "3")]).unwrap();
    assert_eq!([&first, &second].map(|path| std::fs::read_to_string(path).unwrap()), ["3", "2"]);
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 2);
    std::fs::remove_dir_all(&folder).unwrap();
}
