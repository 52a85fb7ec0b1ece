use super::answers::Answers;
use super::keys::Keys;
use super::session::converse;
use super::*;
use crate::arithmetic::{Cpu, Modulus, ScalarField};
use crate::groth16::toy::{PUBLIC, Toy, WIRES};
use crate::poseidon::hash_many;
use crate::testing::{Random, mutate};
use crate::threads::Workers;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

/// A folder of its own for each test, with a key; removed with this.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str, toy: &Toy) -> Self {
        let folder = std::env::temp_dir().join(format!("clearproof-serve-{test}-{}", std::process::id()));
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("toy.zkey"), &toy.zkey).unwrap();
        Self(folder)
    }

    fn key(&self) -> PathBuf {
        self.0.join("toy.zkey")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

fn answers(kinds: Kinds) -> Mutex<Answers> {
    Mutex::new(Answers::new(Prover { cpu: Cpu::detect(), workers: Workers::new(2) }, kinds, false))
}

fn framed(parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    [&(body.len() as u32).to_le_bytes()[..], &body].concat()
}

fn prove(key: &Path, wires: &[u8]) -> Vec<u8> {
    let path = key.to_str().unwrap().as_bytes();
    framed(&[&[1], &(path.len() as u16).to_le_bytes(), path, &(wires.len() as u32 / 32).to_le_bytes(), wires])
}

fn hash(inputs: u8, elements: &[u8]) -> Vec<u8> {
    framed(&[&[2, inputs], &(elements.len() as u32 / 32 / u32::from(inputs).max(1)).to_le_bytes(), elements])
}

/// Whether each is done, and its body.
fn frames(mut bytes: &[u8]) -> Vec<(bool, Vec<u8>)> {
    let mut frames = Vec::new();
    while !bytes.is_empty() {
        let (length, rest) = bytes.split_at(4);
        let (frame, rest) = rest.split_at(u32::from_le_bytes(length.try_into().unwrap()) as usize);
        assert!(frame[0] <= 1);
        frames.push((frame[0] == 0, frame[1..].to_vec()));
        bytes = rest;
    }
    frames
}

fn ask(answers: &Mutex<Answers>, requests: &[Vec<u8>]) -> Vec<(bool, String)> {
    let mut out = Vec::new();
    converse(answers, &mut requests.concat().as_slice(), &mut out).unwrap();
    frames(&out).into_iter().map(|(done, body)| (done, String::from_utf8_lossy(&body).into_owned())).collect()
}

const HELLO: &[u8] = &[1, 0, 0, 0, 0];

#[test]
fn answers_requests_in_their_order() {
    let toy = Toy::new(1, true);
    let folder = Folder::new("order", &toy);
    let elements: Vec<u8> = (0..300 * 32).map(|place| if place % 32 < 30 { place as u8 } else { 0 }).collect();
    let requests = [prove(&folder.key(), &toy.wires), HELLO.to_vec(), hash(3, &elements), hash(1, &[]), prove(&folder.key(), &toy.wires)];
    let mut out = Vec::new();
    converse(&answers(Kinds::All), &mut requests.concat().as_slice(), &mut out).unwrap();
    let answered = frames(&out);
    assert!(answered.iter().all(|(done, _)| *done));
    let mut hashes = vec![0; 100 * 32];
    hash_many(Cpu::Portable, 3, &elements, &mut hashes).unwrap();
    assert_eq!(answered[2].1, hashes);
    assert!(answered[3].1.is_empty());
    let hello = format!(r#"{{"version":"{}","arithmetic":"{}","threads":2}}"#, env!("CARGO_PKG_VERSION"), Cpu::detect());
    assert_eq!(answered[1].1, hello.as_bytes());
    let signals = crate::groth16::public_signals(&toy.wires, PUBLIC).compact();
    let [first, second] = [0, 4].map(|place| String::from_utf8(answered[place].1.clone()).unwrap());
    assert!(first.starts_with(r#"{"proof":{"pi_a":["#) && first.ends_with(&format!(r#","publicSignals":{signals}}}"#)), "{first}");
    assert!(second.ends_with(&format!(r#","publicSignals":{signals}}}"#)) && first != second);
}

#[test]
fn refuses_a_request_and_goes_on() {
    let toy = Toy::new(2, true);
    let folder = Folder::new("refuse", &toy);
    let order: Vec<u8> = ScalarField::LIMBS.iter().flat_map(|limb| limb.to_le_bytes()).collect();
    let mut too_large = toy.wires.clone();
    too_large[32 * 4..32 * 5].copy_from_slice(&order);
    let long = vec![b'a'; 5000];
    let cases = [
        ("KEY", prove(&folder.0.join("other.zkey"), &toy.wires)),
        ("KEY", prove(&folder.0, &toy.wires)),
        ("WITNESS", prove(&folder.key(), &toy.wires[32..])),
        ("WITNESS", prove(&folder.key(), &too_large)),
        ("WITNESS", prove(&folder.key(), &[0; 32 * WIRES])),
        ("FRAME", framed(&[&prove(&folder.key(), &toy.wires)[4..], &[0]])),
        ("FRAME", framed(&[&prove(&folder.key(), &toy.wires)[4..][..100]])),
        ("FRAME", framed(&[&[1], &5000u16.to_le_bytes(), &long, &[0; 4]])),
        ("FRAME", framed(&[&[1], &2u16.to_le_bytes(), &[0xc3, 0x28], &[0; 4]])),
        ("FRAME", framed(&[&[1], &60000u16.to_le_bytes()])),
        ("FRAME", framed(&[&[0, 0]])),
        ("FRAME", framed(&[&[3]])),
        ("FRAME", framed(&[&[2, 0], &1u32.to_le_bytes()])),
        ("FRAME", framed(&[&[2, 17], &0u32.to_le_bytes()])),
        ("FRAME", framed(&[&[2, 16], &u32::MAX.to_le_bytes()])),
        ("FRAME", framed(&[&[2, 2], &1u32.to_le_bytes(), &[0; 65]])),
        ("ELEMENT", hash(2, &[&[0; 32 * 3][..], &order].concat())),
    ];
    let answers = answers(Kinds::All);
    for (code, request) in cases {
        let answered = ask(&answers, &[request, HELLO.to_vec()]);
        assert!(!answered[0].0 && answered[0].1.starts_with(&format!(r#"{{"code":"{code}","message":""#)), "{answered:?}");
        assert!(answered[1].0);
    }
}

#[test]
fn counts_a_refused_element_from_the_first_of_the_request() {
    let mut elements = vec![0; 2 * 1000 * 32];
    elements[32 * 1907..32 * 1908].fill(0xff);
    let answered = ask(&answers(Kinds::Hash), &[hash(2, &elements)]);
    assert!(answered[0].1.contains("element 1907 to hash is not below the modulus"), "{answered:?}");
}

#[test]
fn only_hashes_where_that_is_asked_for() {
    let toy = Toy::new(3, true);
    let folder = Folder::new("hashes", &toy);
    let answered = ask(&answers(Kinds::Hash), &[prove(&folder.key(), &toy.wires), hash(1, &[1; 32])]);
    assert!(!answered[0].0 && answered[1].0);
}

#[test]
fn ends_at_a_frame_that_cannot_be_read() {
    let answers = answers(Kinds::All);
    let mut out = Vec::new();
    for (bytes, error) in
        [(&[0; 4][..], "the request has no kind"), (&[5, 0], "the connection broke off"), (&[9, 0, 0, 0, 2, 1], "the connection broke off")]
    {
        let refusal = converse(&answers, &mut [HELLO, bytes].concat().as_slice(), &mut out).unwrap_err();
        assert!(refusal.message.starts_with(error), "{refusal}");
    }
    assert_eq!(frames(&out).len(), 3);
}

/// Panics once, in the middle of a request, with something secret.
struct Faulty<'a> {
    bytes: &'a [u8],
    panics_at: Option<usize>,
}

impl io::Read for Faulty<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.panics_at.take_if(|left| self.bytes.len() == *left).is_some() {
            panic!("secret");
        }
        let count = out.len().min(1).min(self.bytes.len());
        out[..count].copy_from_slice(&self.bytes[..count]);
        self.bytes = &self.bytes[count..];
        Ok(count)
    }
}

#[test]
fn answers_after_a_fault_of_its_own() {
    let requests = [hash(1, &[1; 32]), hash(1, &[1; 32])].concat();
    // Within the first elements.
    let mut source = Faulty { bytes: &requests, panics_at: Some(requests.len() - 20) };
    let mut out = Vec::new();
    converse(&answers(Kinds::All), &mut source, &mut out).unwrap();
    let answered = frames(&out);
    let refusal = String::from_utf8(answered[0].1.clone()).unwrap();
    assert!(!answered[0].0 && refusal.starts_with(r#"{"code":"INTERNAL""#) && !refusal.contains("secret"), "{refusal}");
    assert!(answered[1].0 && answered.len() == 2);
}

#[test]
fn keeps_keys_until_their_files_change() {
    let toy = Toy::new(4, true);
    let folder = Folder::new("keys", &toy);
    let mut keys = Keys::default();
    let workers = Workers::new(1);
    let mut get = || keys.get(&workers, &folder.key()).unwrap();
    let first = get();
    assert!(Arc::ptr_eq(&first, &get()));
    let beside = folder.0.join("beside");
    fs::write(&beside, &Toy::new(5, true).zkey).unwrap();
    fs::rename(&beside, folder.key()).unwrap();
    let second = get();
    assert!(!Arc::ptr_eq(&first, &second) && second.alpha != first.alpha);
    // The file that is gone is still whole for whoever holds it.
    assert_eq!(first.a_points().len(), second.a_points().len());
    fs::remove_file(folder.key()).unwrap();
    assert!(keys.get(&workers, &folder.key()).is_err());
}

#[test]
fn survives_mutated_requests() {
    let toy = Toy::new(6, true);
    let folder = Folder::new("mutated", &toy);
    let requests = [HELLO.to_vec(), prove(&folder.key(), &toy.wires), hash(2, &[3; 4 * 32]), HELLO.to_vec()].concat();
    let answers = answers(Kinds::All);
    let mut random = Random::new(0x6672616d);
    let mut whole = 0;
    for _ in 0..4000 {
        let mut out = Vec::new();
        let ended = converse(&answers, &mut mutate(&mut random, &requests).as_slice(), &mut out);
        let answered = frames(&out);
        whole += usize::from(ended.is_ok());
        assert!(answered.iter().all(|(done, body)| *done || !String::from_utf8_lossy(body).contains("INTERNAL")));
    }
    assert!(whole > 200, "{whole}");
}
