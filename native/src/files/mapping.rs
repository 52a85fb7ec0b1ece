//! A file as memory, without reading it first.

use std::ffi::{c_int, c_void};
use std::fs::File;
use std::io;
use std::ops::Deref;
use std::os::fd::AsRawFd;
use std::ptr::NonNull;

// Of the system's C library, which the standard library links.
unsafe extern "C" {
    fn mmap(address: *mut c_void, length: usize, protection: c_int, flags: c_int, descriptor: c_int, offset: i64) -> *mut c_void;
    fn munmap(address: *mut c_void, length: usize) -> c_int;
}

// The same on Linux and macOS.
const PROT_READ: c_int = 1;
const MAP_PRIVATE: c_int = 2;

/// A file's bytes, mapped for reading.
///
/// The file must stay as it is while it is mapped. A file cut short meanwhile ends the process by a signal when the part that is gone is
/// read (SIGBUS); one written over meanwhile makes proofs that do not verify. Replace a key by renaming a new file over it: who has mapped
/// the old one keeps it.
pub struct Mapping {
    start: NonNull<c_void>,
    length: usize,
}

// SAFETY: the memory belongs to this value alone and is only read until it is dropped.
unsafe impl Send for Mapping {}
// SAFETY: as above.
unsafe impl Sync for Mapping {}

impl Mapping {
    /// Maps the first `length` bytes, which the file must have: at least one.
    pub fn new(file: &File, length: usize) -> io::Result<Self> {
        // SAFETY: a new mapping at an address of the system's choice touches no memory of this program; the descriptor is open.
        let start = unsafe { mmap(std::ptr::null_mut(), length, PROT_READ, MAP_PRIVATE, file.as_raw_fd(), 0) };
        // MAP_FAILED is -1.
        match NonNull::new(start).filter(|start| start.as_ptr() as isize != -1) {
            Some(start) => Ok(Self { start, length }),
            None => Err(io::Error::last_os_error()),
        }
    }
}

impl Deref for Mapping {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        // SAFETY: mapped for reading, `length` bytes, until this value is dropped, which the slice does not outlive.
        unsafe { std::slice::from_raw_parts(self.start.as_ptr().cast(), self.length) }
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: exactly what was mapped, and nobody holds a slice of it any more.
        unsafe { munmap(self.start.as_ptr(), self.length) };
    }
}
