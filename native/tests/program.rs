//! The program as others start it: what it takes, how it ends, and its socket.
#![cfg(unix)]

use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const HELLO: &[u8] = &[1, 0, 0, 0, 0];

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_clearproof-prover"));
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// How it ends, and what it says on standard error.
fn ends(arguments: &[&str], input: &[u8]) -> (Option<i32>, String, Vec<u8>) {
    let mut child = program(arguments).spawn().unwrap();
    // It may end before it has read all.
    let _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap(), output.stdout)
}

struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("clearproof-{test}-{}", std::process::id()));
        fs::create_dir(&folder).unwrap();
        Self(folder)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

/// A server that ends with the test.
struct Server(Child);

impl Server {
    fn start(socket: &str) -> Self {
        Self(program(&["serve", "--threads", "1", "--socket", socket]).spawn().unwrap())
    }

    fn connect(&self, socket: &str) -> UnixStream {
        let start = Instant::now();
        loop {
            match UnixStream::connect(socket) {
                Ok(connection) => return connection,
                Err(error) => assert!(start.elapsed() < Duration::from_secs(60), "{error}"),
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn hello(connection: &mut UnixStream) -> String {
    connection.write_all(HELLO).unwrap();
    let mut length = [0; 4];
    connection.read_exact(&mut length).unwrap();
    let mut answer = vec![0; u32::from_le_bytes(length) as usize];
    connection.read_exact(&mut answer).unwrap();
    assert_eq!(answer[0], 0);
    String::from_utf8(answer[1..].to_vec()).unwrap()
}

#[test]
fn says_how_it_ended() {
    let folder = Folder::new("ended");
    let [key, witness, missing] = ["k.zkey", "w.wtns", "m.wtns"].map(|name| folder.path(name));
    fs::write(&key, b"zkey\x01\0\0\0\0\0\0\0").unwrap();
    // A witness with the one section it needs first, and nothing else.
    fs::write(&witness, b"wtns\x02\0\0\0\0\0\0\0").unwrap();
    let outputs = [folder.path("proof.json"), folder.path("public.json")];
    let one = |key: &str, witness: &str| ends(&[key, witness, &outputs[0], &outputs[1]], b"");
    for (ended, code, said) in [
        (ends(&[], b""), 2, "the arguments fit no command"),
        (ends(&["--threads", "no", "serve"], b""), 2, "--threads takes a whole number"),
        (one(&key, &missing), 1, "m.wtns cannot be read"),
        (one(&key, &key), 1, "k.zkey is no .wtns file"),
        (one(&key, &witness), 1, "w.wtns lacks section 1"),
        (ends(&["serve"], &[0; 4]), 1, "the request has no kind"),
        (ends(&["poseidon"], &HELLO[..3]), 1, "the connection broke off"),
    ] {
        assert!(ended.0 == Some(code) && ended.1.starts_with("clearproof-prover: ") && ended.1.contains(said), "{ended:?}");
        assert_eq!(ended.1.lines().count(), 1);
    }
    assert_eq!(fs::read_dir(&folder.0).unwrap().count(), 2);
    let (code, said, answers) = ends(&["serve"], &[HELLO, HELLO].concat());
    assert!(code == Some(0) && said.is_empty() && answers.windows(9).filter(|window| window == b"\"version\"").count() == 2);
    assert_eq!(ends(&["--help"], b"").0, Some(0));
}

#[test]
fn answers_several_connections_on_a_socket_of_its_users() {
    let folder = Folder::new("socket");
    let socket = folder.path("s");
    let mut server = Server::start(&socket);
    let [mut first, mut second] = [(); 2].map(|()| server.connect(&socket));
    assert_eq!(fs::metadata(&socket).unwrap().permissions().mode() & 0o777, 0o600);
    // Half a request on one does not hold up the other.
    first.write_all(&HELLO[..2]).unwrap();
    assert!(hello(&mut second).contains("\"threads\":1"));
    first.write_all(&HELLO[2..]).unwrap();
    assert!(hello(&mut second).contains("\"threads\":1"));
    let (code, said, _) = ends(&["serve", "--socket", &socket], b"");
    assert!(code == Some(1) && said.contains("another process listens there"), "{said}");
    // With its parent's pipe it ends, and takes the socket along.
    drop(server.0.stdin.take());
    assert!(server.0.wait().unwrap().success());
    assert!(!Path::new(&socket).exists());
    assert_eq!(fs::read_dir(&folder.0).unwrap().count(), 0);
}

#[test]
fn takes_the_place_of_a_socket_nobody_listens_at_but_of_no_other_file() {
    let folder = Folder::new("stale");
    let socket = folder.path("s");
    let server = Server::start(&socket);
    server.connect(&socket);
    // Killed: the socket stays.
    drop(server);
    assert!(Path::new(&socket).exists());
    let server = Server::start(&socket);
    hello(&mut server.connect(&socket));
    let file = folder.path("file");
    fs::write(&file, "kept").unwrap();
    let (code, said, _) = ends(&["serve", "--socket", &file], b"");
    assert!(code == Some(1) && said.contains("another file is there"), "{said}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "kept");
}
