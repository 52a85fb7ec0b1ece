//! How long each phase took.

use crate::json::Json;
use std::time::{Duration, Instant};

/// Times of one proof's phases, for profiles.
pub struct Timings {
    start: Instant,
    last: Instant,
    phases: Vec<(&'static str, Duration)>,
}

impl Timings {
    /// Begins now.
    pub fn start() -> Self {
        let now = Instant::now();
        Self { start: now, last: now, phases: Vec::new() }
    }

    /// The phase that ends now.
    pub fn phase(&mut self, name: &'static str) {
        let now = Instant::now();
        self.phases.push((name, now - self.last));
        self.last = now;
    }

    /// Seconds by phase and in total, and the most memory the process has had so far, in bytes, where the system tells it.
    pub fn to_json(&self) -> Json {
        let seconds = |duration: Duration| Json::Number((duration.as_secs_f64() * 1e6).round() / 1e6);
        let phases = self.phases.iter().map(|(name, duration)| (*name, seconds(*duration)));
        let total = [("total", seconds(self.last - self.start))];
        let peak = peak_bytes().map(|bytes| ("peakBytes", Json::Number(bytes as f64)));
        Json::object(phases.chain(total).chain(peak))
    }
}

/// Linux tells it in kibibytes.
fn peak_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok().map(|kibibytes| kibibytes * 1024)
}
