//! A Unix socket that only its user may open.

use super::answers::Answers;
use super::session::converse;
use crate::refusal::{Code, Refusal};
use std::fs::{self, DirBuilder, File, Permissions};
use std::io::{self, Read};
use std::os::fd::AsFd;
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{process, thread};

/// Connections at a time: each waits with a thread of its own.
const MOST_CONNECTIONS: usize = 64;

/// Answers all connections, their requests in turn, until standard input ends if that is a pipe: the process does not outlive its parent.
pub fn listen(answers: &Mutex<Answers>, path: &Path) -> Result<(), Refusal> {
    let refused = |error: io::Error| {
        let advice = "name a path of at most 100 bytes, in a folder that may be written, where nobody listens";
        Refusal::new(Code::Output, format!("{} cannot be listened at ({error}): {advice}", path.display()))
    };
    let listener = bind(path).map_err(refused)?;
    let open = &AtomicUsize::new(0);
    thread::scope(|scope| {
        if parent_holds_a_pipe() {
            scope.spawn(|| leave_with_parent(path));
        }
        for connection in listener.incoming() {
            let connection = connection.map_err(refused)?;
            if open.fetch_add(1, Ordering::Relaxed) >= MOST_CONNECTIONS {
                // Closed without an answer.
                open.fetch_sub(1, Ordering::Relaxed);
                continue;
            }
            scope.spawn(move || {
                if let Err(refusal) = converse(answers, &mut &connection, &mut &connection) {
                    eprintln!("clearproof-prover: {refusal}");
                }
                open.fetch_sub(1, Ordering::Relaxed);
            });
        }
        Ok(())
    })
}

/// Makes the socket in a folder that nobody else may enter, and moves it to its place when it is closed to others: at no moment is it open.
fn bind(path: &Path) -> io::Result<UnixListener> {
    if fs::symlink_metadata(path).is_ok_and(|metadata| !metadata.file_type().is_socket()) {
        return Err(io::Error::other("another file is there"));
    }
    if UnixStream::connect(path).is_ok() {
        return Err(io::Error::other("another process listens there"));
    }
    let folder = Folder::new(path)?;
    let inside = folder.0.join("s");
    let listener = UnixListener::bind(&inside)?;
    fs::set_permissions(&inside, Permissions::from_mode(0o600))?;
    fs::rename(&inside, path)?;
    Ok(listener)
}

/// A folder beside the socket, removed with this.
struct Folder(PathBuf);

impl Folder {
    fn new(path: &Path) -> io::Result<Self> {
        let folder = path.with_file_name(format!(".{}", process::id()));
        DirBuilder::new().mode(0o700).create(&folder)?;
        Ok(Self(folder))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Empty unless binding failed half-way.
        let _ = fs::remove_file(self.0.join("s"));
        let _ = fs::remove_dir(&self.0);
    }
}

/// What runs without a parent's pipe, such as a service, has no input to watch.
fn parent_holds_a_pipe() -> bool {
    let input = io::stdin().as_fd().try_clone_to_owned().map(File::from);
    let kind = input.and_then(|input| input.metadata()).map(|metadata| metadata.file_type());
    kind.is_ok_and(|kind| kind.is_fifo() || kind.is_socket())
}

fn leave_with_parent(path: &Path) {
    let mut away = [0; 512];
    while io::stdin().lock().read(&mut away).is_ok_and(|count| count > 0) {}
    // A path that is gone already is as it should be.
    let _ = fs::remove_file(path);
    process::exit(0);
}
