//! What each kind of request asks, and its answer.

use super::frames::{Frame, Stopped, refusal};
use super::keys::Keys;
use crate::files::Key;
use crate::groth16::{Prover, Timings, public_signals};
use crate::json::Json;
use crate::poseidon::{ELEMENT_BYTES, MOST_INPUTS, NotCanonical, hash_many};
use crate::refusal::{Code, Refusal};
use crate::secret::Secret;
use crate::threads::Task;
use std::io::Read;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

const HELLO: u8 = 0;
const PROVE: u8 = 1;
const HASH: u8 = 2;

const MOST_PATH_BYTES: usize = 4096;
/// 256 MiB: more elements go into several requests.
const MOST_ELEMENTS: usize = 1 << 23;
/// Parts of the hashes of one request for each thread, and fewest hashes that are worth one.
const PARTS_A_WORKER: usize = 4;
const LEAST_HASHES: usize = 64;
/// What wires from a frame are called in refusals.
const WITNESS: &str = "the witness";

/// Which requests are taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kinds {
    /// All.
    All,
    /// Hello and hash.
    Hash,
}

/// A request that was read.
pub enum Request {
    /// Who is there?
    Hello,
    /// A proof.
    Prove(Arc<Key>, Secret<u8>),
    /// Hashes.
    Hash {
        /// Elements of each.
        inputs: usize,
        /// All elements.
        elements: Secret<u8>,
    },
}

/// What requests share.
pub struct Answers {
    prover: Prover,
    kinds: Kinds,
    keys: Keys,
    show_timings: bool,
}

impl Answers {
    /// Without keys yet.
    pub fn new(prover: Prover, kinds: Kinds, show_timings: bool) -> Self {
        Self { prover, kinds, keys: Keys::default(), show_timings }
    }

    /// Reads a request. Nothing is allocated for a length that the key or the limits do not bear out.
    pub fn read<R: Read>(shared: &Mutex<Self>, frame: &mut Frame<'_, R>) -> Result<Request, Stopped> {
        let [kind] = frame.take()?;
        let kinds = lock(shared).kinds;
        match kind {
            HELLO => {
                frame.rest(0)?;
                Ok(Request::Hello)
            }
            PROVE if kinds == Kinds::All => read_prove(shared, frame),
            HASH => read_hash(frame),
            _ => Err(refusal("is of a kind that is not answered here").into()),
        }
    }

    /// Carries a request out.
    pub fn answer(&self, request: Request) -> Result<Vec<u8>, Refusal> {
        match request {
            Request::Hello => Ok(self.hello().compact().into_bytes()),
            Request::Prove(key, wires) => self.prove(&key, &wires),
            Request::Hash { inputs, elements } => self.hash(inputs, &elements),
        }
    }

    fn hello(&self) -> Json {
        Json::object([
            ("version", Json::text(env!("CARGO_PKG_VERSION"))),
            ("arithmetic", Json::text(self.prover.cpu.to_string())),
            ("threads", Json::Number(self.prover.workers.count() as f64)),
        ])
    }

    fn prove(&self, key: &Key, wires: &[u8]) -> Result<Vec<u8>, Refusal> {
        let mut timings = Timings::start();
        let proof = self.prover.prove(key, wires, WITNESS, &mut timings)?;
        if self.show_timings {
            eprintln!("{}", timings.to_json().compact());
        }
        let answer = Json::object([("proof", proof.to_json()), ("publicSignals", public_signals(wires, key.public_signals))]);
        Ok(answer.compact().into_bytes())
    }

    /// In parts for the threads: the first element that is refused ends it.
    fn hash(&self, inputs: usize, elements: &[u8]) -> Result<Vec<u8>, Refusal> {
        let Prover { cpu, workers } = self.prover;
        let mut hashes = vec![0; elements.len() / inputs];
        let count = hashes.len() / ELEMENT_BYTES;
        // Whole vectors for all but the last.
        let part = count.div_ceil(PARTS_A_WORKER * workers.count()).next_multiple_of(MOST_INPUTS).max(LEAST_HASHES);
        let parts = elements.chunks(part * inputs * ELEMENT_BYTES).zip(hashes.chunks_mut(part * ELEMENT_BYTES));
        let tasks = parts.map(|(elements, out)| Box::new(move || hash_many(cpu, inputs, elements, out)) as Task<'_, Result<(), NotCanonical>>);
        let results: Vec<Result<(), NotCanonical>> = workers.run(tasks.collect());
        for (number, result) in results.into_iter().enumerate() {
            result.map_err(|NotCanonical { place }| {
                let place = number * part * inputs + place;
                Refusal::new(Code::Element, format!("element {place} to hash is not below the modulus: reduce it before"))
            })?;
        }
        Ok(hashes)
    }
}

fn read_prove<R: Read>(shared: &Mutex<Answers>, frame: &mut Frame<'_, R>) -> Result<Request, Stopped> {
    let length = usize::from(u16::from_le_bytes(frame.take()?));
    if length > MOST_PATH_BYTES {
        return Err(refusal("names a key's file with more than 4096 bytes").into());
    }
    let mut path = vec![0; length];
    frame.fill(&mut path)?;
    let path = String::from_utf8(path).map_err(|_| refusal("names a key's file in another code than UTF-8"))?;
    let wires = u32::from_le_bytes(frame.take()?) as usize;
    let key = {
        let mut shared = lock(shared);
        let workers = shared.prover.workers;
        shared.keys.get(&workers, Path::new(&path))?
    };
    if wires != key.wires {
        let problem = format!("{WITNESS} has {wires} wires, {path} takes {}: they are of different circuits", key.wires);
        return Err(Refusal::new(Code::Witness, problem).into());
    }
    Ok(Request::Prove(key, frame.rest(wires * ELEMENT_BYTES)?))
}

fn read_hash<R: Read>(frame: &mut Frame<'_, R>) -> Result<Request, Stopped> {
    let inputs = usize::from(u8::from_le_bytes(frame.take()?));
    let count = u32::from_le_bytes(frame.take()?) as usize;
    if !(1..=MOST_INPUTS).contains(&inputs) {
        return Err(refusal("hashes 0 or more than 16 elements at once").into());
    }
    let elements = count.checked_mul(inputs).filter(|&elements| elements <= MOST_ELEMENTS);
    let elements = elements.ok_or_else(|| refusal("has more than 2^23 elements to hash"))?;
    Ok(Request::Hash { inputs, elements: frame.rest(elements * ELEMENT_BYTES)? })
}

fn lock(shared: &Mutex<Answers>) -> std::sync::MutexGuard<'_, Answers> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
