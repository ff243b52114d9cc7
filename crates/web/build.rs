//! Lists the message catalogues, so that a page can bring a file of its own without touching a shared list.
use std::path::Path;
use std::{env, fs, process::ExitCode};

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed=locales");
    // Template folders are read by askama's macro; Cargo learns of *new* files in them only from here.
    println!("cargo::rerun-if-changed=templates");
    match list_catalogues() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            println!("cargo::error=the message catalogues cannot be listed: {why}");
            ExitCode::FAILURE
        }
    }
}

fn list_catalogues() -> Result<(), String> {
    let variable = |name: &str| env::var(name).map_err(|why| format!("{name}: {why}"));
    let folder = Path::new(&variable("CARGO_MANIFEST_DIR")?).join("locales/en");
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder).map_err(|why| format!("{}: {why}", folder.display()))? {
        let name = entry.map_err(|why| why.to_string())?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".ftl") {
            names.push(name);
        }
    }
    names.sort();
    let rows: String = names
        .iter()
        .map(|name| format!("    ({name:?}, include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/locales/en/{name}\"))),\n"))
        .collect();
    let list = Path::new(&variable("OUT_DIR")?).join("catalogues.rs");
    fs::write(&list, format!("[\n{rows}]\n")).map_err(|why| format!("{}: {why}", list.display()))
}
