//! Files to write: whole or not at all.

use crate::refusal::{Code, Refusal};
use std::ffi::OsString;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Writes all of them, or none if one cannot be written. Each takes its place whole, by renaming; what is no regular file, such as a
/// terminal, is written to.
pub fn write_all(files: &[(&Path, &str)]) -> Result<(), Refusal> {
    let mut written = Vec::new();
    for (path, text) in files {
        let temporary = Temporary::write(path, text).map_err(|error| refused(path, &error))?;
        written.push((path, temporary));
    }
    written.into_iter().try_for_each(|(path, temporary)| temporary.rename(path).map_err(|error| refused(path, &error)))
}

fn refused(path: &Path, error: &io::Error) -> Refusal {
    Refusal::new(Code::Output, format!("{} cannot be written ({error}): name a file in a folder that may be written", path.display()))
}

/// A file beside the one to be written; removed unless it takes its place.
struct Temporary(Option<PathBuf>);

impl Temporary {
    fn write(path: &Path, text: &str) -> io::Result<Self> {
        if fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
            OpenOptions::new().write(true).open(path)?.write_all(text.as_bytes())?;
            return Ok(Self(None));
        }
        let name = path.file_name().ok_or_else(|| io::Error::other("it is no file"))?;
        let mut hidden = OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".{}", std::process::id()));
        let beside = path.with_file_name(hidden);
        let mut file = OpenOptions::new().write(true).create_new(true).open(&beside)?;
        let temporary = Self(Some(beside));
        file.write_all(text.as_bytes())?;
        Ok(temporary)
    }

    fn rename(mut self, path: &Path) -> io::Result<()> {
        match self.0.take() {
            Some(beside) => fs::rename(&beside, path).inspect_err(|_| self.0 = Some(beside)),
            None => Ok(()),
        }
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if let Some(beside) = self.0.take() {
            // Nothing more can be done about it.
            let _ = fs::remove_file(beside);
        }
    }
}
