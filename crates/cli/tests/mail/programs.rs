//! Programs of others: found, or installed where that is nobody's business but the build's.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

/// Versions that were looked at; newer ones are tried by raising these.
const PYTHON: [&str; 2] = ["aiosmtpd==1.4.6", "icalendar==7.3.0"];
const NPM: &str = "ical.js@2.2.1";

/// A folder in the build's own, apart from those of other tests that may run beside.
fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

fn run(command: &mut Command, needs: &str) -> Output {
    let done = command.output().unwrap_or_else(|why| panic!("{needs}: {why}"));
    assert!(done.status.success(), "{needs}: {command:?}: {}", String::from_utf8_lossy(&done.stderr));
    done
}

/// One at a time, also among test processes: each test makes sure of the packages.
fn alone(name: &str) -> std::fs::File {
    std::fs::create_dir_all(folder("")).unwrap();
    let lock = std::fs::File::create(folder(&format!("{name}.lock"))).unwrap();
    lock.lock().unwrap();
    lock
}

/// A Python with a mail server and a calendar reader: made once.
pub fn python() -> PathBuf {
    let _alone = alone("mail-python");
    let folder = folder("mail-python");
    let python = folder.join("bin/python");
    if !python.is_file() {
        run(Command::new("python3").args(["-m", "venv"]).arg(&folder), "python3 with its venv module");
    }
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).args(PYTHON);
    run(&mut pip, "Python's packages");
    python
}

/// The folder with the calendar reader for Node.js: made once.
pub fn node_modules() -> PathBuf {
    let _alone = alone("mail-npm");
    let folder = folder("mail-npm");
    std::fs::create_dir_all(&folder).unwrap();
    if !folder.join("node_modules/ical.js/package.json").is_file() {
        let mut npm = Command::new("npm");
        npm.args(["install", "--silent", "--no-audit", "--no-fund", "--prefix"]).arg(&folder).arg(NPM);
        run(&mut npm, "npm");
    }
    folder.join("node_modules")
}

/// A file beside these tests.
pub fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mail").join(name)
}

/// A program of the system.
#[track_caller]
pub fn installed(name: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let places = std::env::split_paths(&path).chain(["/usr/sbin", "/usr/lib/dovecot"].map(PathBuf::from));
    let found = places.map(|folder| folder.join(name)).find(|program| program.is_file());
    found.unwrap_or_else(|| {
        panic!(
            "missing: {name} (on Debian: `apt-get install --no-install-recommends dovecot-imapd s-nail mutt`)"
        )
    })
}

/// What a program makes of some bytes.
#[track_caller]
pub fn makes(command: &mut Command, of: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(of).unwrap();
    let done = child.wait_with_output().unwrap();
    assert!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
    done.stdout
}
