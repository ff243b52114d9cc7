//! The browser tests: every folder named `browser` that brings a `package.json`, run by `node --test`.
//!
//! A test finds the binary in `THROUGHLINE_BIN`, the built examples in `THROUGHLINE_EXAMPLES` and the browser in
//! `CHROMIUM`. Absent on purpose: a browser download; Debian's Chromium is what we test with.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{
    debian,
    tally::{self, Ended, Tally},
    tools::{self, NPM},
};
use crate::{
    Failure,
    run::{self, Stream},
    workspace::Workspace,
};

/// The oldest Node.js the browser packages run on.
const NODE: u32 = 20;
/// The package that brings a younger one.
const YOUNGER_NODE: &str = "node@22";
const BROWSERS: &[&str] = &["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/// Prepares what is missing and runs them.
pub fn run(workspace: &Workspace) -> Result<Ended, Failure> {
    let folders = folders(workspace);
    if folders.is_empty() {
        return Ok(Ended::skipped("no crate has a `browser` or `tests/browser` folder with a package.json"));
    }
    let chromium = chromium()?;
    let node = node(&workspace.target)?;
    let binary = binary(workspace)?;
    let mut sum = Tally::default();
    for folder in &folders {
        let shown = folder.strip_prefix(&workspace.root).unwrap_or(folder).display();
        println!("{shown}");
        install(folder)?;
        let mut command = Command::new(&node);
        // Each file starts a server and a browser of its own, and waits for them much of the time.
        command.args(["--test", "--test-concurrency=2", "--test-reporter=spec"]).current_dir(folder);
        command
            .env("THROUGHLINE_BIN", &binary)
            .env("THROUGHLINE_EXAMPLES", binary.with_file_name("examples"));
        command.env("CHROMIUM", &chromium).env("FORCE_COLOR", "0");
        let mut here = Tally::default();
        let fine = run::watched(&mut command, Stream::Out, &mut |line| {
            here = here.and(tally::node(line).unwrap_or_default());
        })?;
        if here == Tally::default() {
            return Err(format!("{shown}: `node --test` ran no test"));
        }
        sum = sum.and(Ended::of(here, fine).tally);
    }
    Ok(Ended::of(sum, true))
}

fn folders(workspace: &Workspace) -> Vec<PathBuf> {
    let crates = workspace.packages.iter().map(|package| workspace.root.join(&package.folder));
    crates
        .flat_map(|folder| [folder.join("browser"), folder.join("tests/browser")])
        .filter(|folder| folder.join("package.json").is_file())
        .collect()
}

/// The binary the tests above left behind. Asked for with `--tests`, it has the features they were built with.
fn binary(workspace: &Workspace) -> Result<PathBuf, Failure> {
    if !run::streamed(run::cargo().args(["build", "--workspace", "--bins", "--examples", "--tests"]))? {
        return Err("the binary does not build".to_owned());
    }
    let binary = workspace.target.join("debug").join(format!("throughline{}", std::env::consts::EXE_SUFFIX));
    if binary.is_file() { Ok(binary) } else { Err(format!("there is no {}", binary.display())) }
}

/// The one that `CHROMIUM` names, one on the PATH, or Debian's, installed where that needs nobody's leave.
pub fn chromium() -> Result<PathBuf, Failure> {
    if let Some(chosen) = std::env::var_os("CHROMIUM").map(PathBuf::from) {
        let there = chosen.is_file();
        return if there {
            Ok(chosen)
        } else {
            Err(format!("CHROMIUM names {}, which is no file", chosen.display()))
        };
    }
    let find = || BROWSERS.iter().find_map(|name| on_path(name));
    if let Some(found) = find() {
        return Ok(found);
    }
    let installed = debian::install("chromium", "Chromium")?;
    if let Some(found) = find().filter(|_| installed) {
        return Ok(found);
    }
    Err("missing: Chromium for the browser tests (`sudo apt-get install chromium`, or name one in CHROMIUM; \
         `cargo xtask test --no-browser` leaves them out)"
        .to_owned())
}

fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// The Node.js on the PATH, or a younger one from npm, kept below the target folder.
pub fn node(target: &Path) -> Result<PathBuf, Failure> {
    let young = |node: &Path| {
        let version = run::output(Command::new(node).arg("--version")).ok();
        version.as_deref().and_then(tools::major).is_some_and(|major| major >= NODE)
    };
    let found = PathBuf::from("node");
    if young(&found) {
        return Ok(found);
    }
    let folder = target.join("browser-node");
    let own = folder.join("node_modules/node/bin").join(format!("node{}", std::env::consts::EXE_SUFFIX));
    if !young(&own) {
        println!("the browser tests need Node.js {NODE} or newer: installing {YOUNGER_NODE} with npm");
        fs::create_dir_all(&folder).map_err(|why| format!("{}: {why}", folder.display()))?;
        let words = ["install", "--no-save", "--no-audit", "--no-fund", "--prefix", ".", YOUNGER_NODE];
        run::streamed(Command::new(NPM).args(words).current_dir(&folder))?;
    }
    if young(&own) {
        return Ok(own);
    }
    Err(format!(
        "missing: Node.js {NODE} or newer for the browser tests, and npm could not install {YOUNGER_NODE}"
    ))
}

/// Installs a folder's packages, unless what is there came from this very lock file.
pub fn install(folder: &Path) -> Result<(), Failure> {
    let lock = folder.join("package-lock.json");
    let lock = fs::read(&lock).map_err(|why| format!("{}: {why}", lock.display()))?;
    let installed = folder.join("node_modules");
    let stamp = installed.join(".installed-from.json");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    let mut npm = Command::new(NPM);
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(folder);
    if !run::streamed(&mut npm)? {
        return Err(
            "`npm ci` could not fetch the browser tests' packages (is the npm registry reachable?)".into()
        );
    }
    // Without any dependency npm leaves no folder.
    fs::create_dir_all(&installed)
        .and_then(|()| fs::write(&stamp, &lock))
        .map_err(|why| format!("{}: {why}", stamp.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Package;

    #[test]
    fn browser_tests_are_found_where_a_crate_keeps_them() {
        let root = std::env::temp_dir().join(format!("throughline-browser-folders-{}", std::process::id()));
        for folder in ["crates/web/browser", "crates/cli/tests/browser", "crates/app/browser"] {
            fs::create_dir_all(root.join(folder)).unwrap();
        }
        for folder in ["crates/web/browser", "crates/cli/tests/browser"] {
            fs::write(root.join(folder).join("package.json"), "{}").unwrap();
        }
        let packages = ["app", "cli", "web"].map(|name| Package {
            name: format!("throughline-{name}"),
            folder: format!("crates/{name}"),
            dependencies: Vec::new(),
        });
        let workspace =
            Workspace { target: root.join("target"), packages: packages.into(), root: root.clone() };
        let found = folders(&workspace);
        fs::remove_dir_all(&root).unwrap();
        assert_eq!(found, ["crates/cli/tests/browser", "crates/web/browser"].map(|folder| root.join(folder)));
    }
}
