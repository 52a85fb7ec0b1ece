//! Keys and witnesses as snarkjs writes them.

mod contents;
mod entries;
mod key;
#[cfg(all(any(target_os = "linux", target_os = "macos"), target_pointer_width = "64"))]
#[allow(unsafe_code)]
mod mapping;
mod output;
mod scan;
mod sections;
mod witness;

#[cfg(test)]
mod tests;

pub use contents::{Contents, Stamp};
pub use entries::Entry;
pub use key::Key;
pub use output::write_all;
pub use scan::limbs;
pub use witness::{Witness, check_wires};
