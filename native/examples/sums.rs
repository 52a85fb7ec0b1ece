//! Times the sums of a proof: `sums KEY.zkey WITNESS.wtns [ARITHMETIC [THREADS [REPEATS]]]`. Each job alone, then all together; the shortest time
//! of the repeats. Scalars of H are drawn: they are dense whatever the witness.

use clearproof_prover::arithmetic::{Cpu, Limbs};
use clearproof_prover::files::{Key, Witness};
use clearproof_prover::sums::{Job, Scalars, sums};
use clearproof_prover::threads::Workers;
use std::error::Error;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Whether there is one thread.
static ALONE: AtomicBool = AtomicBool::new(false);

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [key, witness, ..] = &arguments[..] else {
        return Err("sums KEY.zkey WITNESS.wtns [ARITHMETIC [THREADS [REPEATS]]]".into());
    };
    let cpu = arguments.get(2).map_or(Ok(Cpu::detect()), |name| name.parse())?;
    let workers = arguments.get(3).map_or(Ok(Workers::all()), |count| count.parse().map(Workers::new))?;
    let repeats = arguments.get(4).map_or(Ok(3), |count| count.parse())?;
    ALONE.store(workers.count() == 1, Ordering::Relaxed);
    let key = Key::open(&workers, Path::new(key)).map_err(|refusal| format!("{refusal:?}"))?;
    let witness = Witness::open(Path::new(witness)).map_err(|refusal| format!("{refusal:?}"))?;
    describe(&witness);
    let drawn = draw(key.domain);
    let private = &witness[32 * (key.public_signals + 1)..];
    let job = |points, scalars| Job { points, scalars };
    let g1 = [
        ("A", job(key.a_points(), Scalars::Canonical(&witness))),
        ("B1", job(key.b_points(), Scalars::Canonical(&witness))),
        ("C", job(key.c_points(), Scalars::Canonical(private))),
        ("H", job(key.h_points(), Scalars::Limbs(&drawn))),
    ];
    let g2 = job(key.b_2_points(), Scalars::Canonical(&witness));
    for (name, job) in g1 {
        println!("{name:4} {:8.1} ms", milliseconds(repeats, || sums(cpu, &workers, &[job], &[])));
    }
    println!("B2   {:8.1} ms", milliseconds(repeats, || sums(cpu, &workers, &[], &[g2])));
    let all = g1.map(|(_, job)| job);
    println!("all  {:8.1} ms, {cpu}, {} threads", milliseconds(repeats, || sums(cpu, &workers, &all, &[g2])), workers.count());
    Ok(())
}

fn milliseconds<T>(repeats: usize, work: impl Fn() -> T) -> f64 {
    let time = |_| {
        let (start, busy_before) = (Instant::now(), busy());
        std::hint::black_box(work());
        // Of one thread the time it ran is a better measure than the clock, on a machine that others use.
        if busy_before.is_zero() { start.elapsed() } else { busy() - busy_before }
    };
    (0..repeats).map(time).min().unwrap_or(Duration::ZERO).as_secs_f64() * 1000.0
}

/// How long the main thread has run, where the system tells it and there is no other thread.
fn busy() -> Duration {
    let told = if ALONE.load(Ordering::Relaxed) { std::fs::read_to_string("/proc/self/schedstat").ok() } else { None };
    told.and_then(|text| text.split(' ').next()?.parse().ok()).map_or(Duration::ZERO, Duration::from_nanos)
}

/// How many wires are 0, 1, and how long the others are.
fn describe(witness: &[u8]) {
    let mut by_bytes = [0usize; 33];
    let mut ones = 0;
    for wire in witness.chunks_exact(32) {
        let bytes = 32 - wire.iter().rev().take_while(|&&byte| byte == 0).count();
        by_bytes[bytes] += 1;
        ones += usize::from(bytes == 1 && wire[0] == 1);
    }
    println!("{} wires: {} are 0, {ones} are 1; others by length in bytes:", witness.len() / 32, by_bytes[0]);
    by_bytes[1] -= ones;
    println!("{:?}", &by_bytes[1..]);
}

/// Dense numbers below the modulus.
fn draw(count: usize) -> Vec<Limbs> {
    let mut state = 1u64;
    let mut word = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ state >> 31).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed ^ mixed >> 29
    };
    // The modulus begins with 0x3064.
    (0..count).map(|_| [word(), word(), word(), word() % (0x3064 << 48)]).collect()
}
