//! Fetches the pinned front-end packages with npm, has `build.mjs` assemble what a browser loads, and leaves a
//! manifest for `lib.rs`. Everything happens in Cargo's own output folder: the source tree stays as it was.
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::{env, fs};

const OLDEST_NODE: u32 = 18;
const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

fn main() -> ExitCode {
    match assemble() {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            println!("cargo::error={sentence}");
            ExitCode::FAILURE
        }
    }
}

fn assemble() -> Result<(), String> {
    for input in ["package.json", "package-lock.json", "build.mjs", "icons.txt", "css", "js", "img"] {
        println!("cargo::rerun-if-changed={input}");
    }
    let source = folder("CARGO_MANIFEST_DIR")?;
    let out = folder("OUT_DIR")?;
    node_is_young_enough()?;
    install(&source, &out.join("npm"))?;
    run(
        Command::new("node").arg(source.join("build.mjs")).arg(&source).arg(&out),
        "assembling the styles and scripts failed",
    )
}

fn folder(variable: &str) -> Result<PathBuf, String> {
    env::var_os(variable).map(PathBuf::from).ok_or_else(|| format!("Cargo did not set {variable}"))
}

fn node_is_young_enough() -> Result<(), String> {
    let wanted = format!("Throughline needs Node.js {OLDEST_NODE} or newer with npm to build its pages");
    let answer = Command::new("node")
        .arg("--version")
        .output()
        .map_err(|_| format!("{wanted}, and no `node` is on the PATH."))?;
    let version = String::from_utf8_lossy(&answer.stdout).trim().to_owned();
    let major = version.trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    match major {
        Some(major) if major >= OLDEST_NODE => Ok(()),
        _ => Err(format!("{wanted}, and the `node` on the PATH says it is `{version}`.")),
    }
}

/// Runs `npm ci`, unless what is there was installed from this very lock file.
fn install(source: &Path, npm: &Path) -> Result<(), String> {
    let lock = read(&source.join("package-lock.json"))?;
    let stamp = npm.join("installed-from.json");
    if npm.join("node_modules").is_dir() && fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    fs::create_dir_all(npm).map_err(|why| format!("cannot create {}: {why}", npm.display()))?;
    for file in ["package.json", "package-lock.json"] {
        write(&npm.join(file), &read(&source.join(file))?)?;
    }
    run(
        Command::new(NPM).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(npm),
        "`npm ci` could not fetch the front-end packages (is the npm registry reachable?)",
    )?;
    write(&stamp, &lock)
}

fn run(command: &mut Command, failed: &str) -> Result<(), String> {
    let answer = command.output().map_err(|why| format!("{failed}: {why}"))?;
    if answer.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&answer.stderr);
    let worth_telling = |line: &&str| !line.is_empty() && !line.starts_with("npm warn");
    let said: Vec<&str> = said.lines().map(str::trim).filter(worth_telling).take(4).collect();
    Err(format!("{failed}: {}", said.join(" | ")))
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|why| format!("cannot read {}: {why}", path.display()))
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    fs::write(path, bytes).map_err(|why| format!("cannot write {}: {why}", path.display()))
}
