//! Keys that stay mapped between requests.

use crate::files::{Contents, Key, Stamp};
use crate::refusal::{Code, Refusal};
use crate::threads::Workers;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// More keys than any venue has circuits.
const MOST_KEYS: usize = 64;

/// The keys that were asked for last, newest at the end.
#[derive(Default)]
pub struct Keys {
    open: Vec<(PathBuf, Stamp, Arc<Key>)>,
}

impl Keys {
    /// The key of a file: mapped and checked anew if another file took its place or it changed.
    pub fn get(&mut self, workers: &Workers, path: &Path) -> Result<Arc<Key>, Refusal> {
        let unreadable = |error| Refusal::new(Code::Key, format!("{} cannot be read ({error}): name a proving key", path.display()));
        let (file, stamp) = Contents::open(path).map_err(unreadable)?;
        let known = self.open.iter().position(|(known, _, _)| known == path).map(|place| self.open.remove(place));
        let key = match known {
            Some((_, known, key)) if known == stamp => key,
            _ => Arc::new(Key::from_file(workers, path, &file, &stamp)?),
        };
        if self.open.len() == MOST_KEYS {
            self.open.remove(0);
        }
        self.open.push((path.to_owned(), stamp, key.clone()));
        Ok(key)
    }
}
