//! Keys and witnesses as snarkjs writes them.

mod contents;
mod key;
#[allow(unsafe_code)]
mod mapping;
mod output;
mod scan;
mod sections;
mod witness;

#[cfg(test)]
mod tests;

pub use contents::{Contents, Stamp};
pub use key::{Entry, Key};
pub use output::write_all;
pub use scan::limbs;
pub use witness::{Witness, check_wires};
