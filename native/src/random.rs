//! Random numbers of the system's generator.

use crate::arithmetic::{Limbs, Modulus, ScalarField, less_than};
use crate::refusal::{Code, Refusal};
use crate::secret::Secret;
use std::fs::File;
use std::io::{self, Read};

const DEVICE: &str = "/dev/urandom";

/// A scalar that is uniform below the group's order. Without the generator there is none: blinding that can be guessed gives the witness away.
pub fn scalar() -> Result<Secret<Limbs>, Refusal> {
    scalar_from(&mut open().map_err(refused)?).map_err(refused)
}

/// A file somebody put in its place is not the generator.
fn open() -> io::Result<File> {
    let file = File::open(DEVICE)?;
    if is_device(&file)? { Ok(file) } else { Err(io::Error::other("it is no device")) }
}

#[cfg(unix)]
fn is_device(file: &File) -> io::Result<bool> {
    use std::os::unix::fs::FileTypeExt;
    Ok(file.metadata()?.file_type().is_char_device())
}

#[cfg(not(unix))]
fn is_device(_: &File) -> io::Result<bool> {
    Ok(false)
}

/// Takes 254 bits until they are below the order: three of four are. A source of ones only would never end: it is given up.
fn scalar_from(source: &mut impl Read) -> io::Result<Secret<Limbs>> {
    let mut bytes = Secret::<u8>::zeros(32);
    let mut scalar = Secret::<Limbs>::zeros(1);
    for _ in 0..1000 {
        source.read_exact(&mut bytes)?;
        bytes[31] &= 0x3f;
        for (limb, bytes) in scalar[0].iter_mut().zip(bytes.chunks_exact(8)) {
            *limb = u64::from_le_bytes(bytes.try_into().expect("eight bytes"));
        }
        if less_than(&scalar[0], &ScalarField::LIMBS) {
            return Ok(scalar);
        }
    }
    Err(io::Error::other("it gives no random numbers"))
}

fn refused(error: io::Error) -> Refusal {
    Refusal::new(Code::Random, format!("{DEVICE} cannot be read ({error}): no proof is made without random numbers"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_numbers_that_are_below_the_order() {
        let mut order: Vec<u8> = ScalarField::LIMBS.iter().flat_map(|limb| limb.to_le_bytes()).collect();
        order[31] |= 0xc0;
        let mut below = order.clone();
        below[0] -= 1;
        let source = [order, below].concat();
        let mut expected = ScalarField::LIMBS;
        expected[0] -= 1;
        assert_eq!(scalar_from(&mut source.as_slice()).unwrap()[0], expected);
    }

    #[test]
    fn gives_no_scalar_where_the_source_ends_or_repeats_itself() {
        assert!(scalar_from(&mut [7u8; 31].as_slice()).is_err());
        assert!(scalar_from(&mut io::repeat(0xff)).is_err());
    }

    #[test]
    fn differs_from_call_to_call() {
        assert_ne!(scalar().unwrap()[0], scalar().unwrap()[0]);
    }
}
