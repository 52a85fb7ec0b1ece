//! A file's bytes, mapped where the system can, read elsewhere.

#[cfg(all(any(target_os = "linux", target_os = "macos"), target_pointer_width = "64"))]
use super::mapping::Mapping;
use crate::secret::Secret;
use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::ops::Deref;
use std::path::Path;
use std::time::SystemTime;

/// Tells a file from one that took its place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stamp {
    device_and_inode: (u64, u64),
    bytes: u64,
    modified: Option<SystemTime>,
}

/// A file's bytes.
pub struct Contents {
    bytes: Bytes,
}

enum Bytes {
    #[cfg(all(any(target_os = "linux", target_os = "macos"), target_pointer_width = "64"))]
    Mapped(Mapping),
    Read(Secret<u8>),
}

impl Contents {
    /// Opens a regular file and says which one it is.
    pub fn open(path: &Path) -> io::Result<(File, Stamp)> {
        // Before it is opened: opening a named pipe waits for somebody to write.
        regular(fs::metadata(path)?)?;
        let file = File::open(path)?;
        let metadata = regular(file.metadata()?)?;
        let stamp = Stamp { device_and_inode: device_and_inode(&metadata), bytes: metadata.len(), modified: metadata.modified().ok() };
        Ok((file, stamp))
    }

    /// All of a key's bytes: mapped.
    pub fn map(file: &File, stamp: &Stamp) -> io::Result<Self> {
        #[cfg(all(any(target_os = "linux", target_os = "macos"), target_pointer_width = "64"))]
        if stamp.bytes > 0 {
            return Ok(Self { bytes: Bytes::Mapped(Mapping::new(file, length(stamp)?)?) });
        }
        Self::read(file, stamp)
    }

    /// All of a witness's bytes: read into memory that is cleared.
    pub fn read(mut file: &File, stamp: &Stamp) -> io::Result<Self> {
        let mut bytes = Secret::zeros(length(stamp)?);
        file.read_exact(&mut bytes)?;
        Ok(Self { bytes: Bytes::Read(bytes) })
    }
}

#[cfg(test)]
impl From<Vec<u8>> for Contents {
    fn from(bytes: Vec<u8>) -> Self {
        let mut secret = Secret::zeros(bytes.len());
        secret.copy_from_slice(&bytes);
        Self { bytes: Bytes::Read(secret) }
    }
}

impl Deref for Contents {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match &self.bytes {
            #[cfg(all(any(target_os = "linux", target_os = "macos"), target_pointer_width = "64"))]
            Bytes::Mapped(mapping) => mapping,
            Bytes::Read(bytes) => bytes,
        }
    }
}

fn regular(metadata: Metadata) -> io::Result<Metadata> {
    if metadata.is_file() { Ok(metadata) } else { Err(io::Error::other("it is no regular file")) }
}

fn length(stamp: &Stamp) -> io::Result<usize> {
    usize::try_from(stamp.bytes).map_err(|_| io::Error::other("it does not fit into memory"))
}

#[cfg(unix)]
fn device_and_inode(metadata: &Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt;
    (metadata.dev(), metadata.ino())
}

#[cfg(not(unix))]
fn device_and_inode(_: &Metadata) -> (u64, u64) {
    (0, 0)
}
