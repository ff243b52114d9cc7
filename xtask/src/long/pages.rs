//! The figures of the pages: every `….long.mjs` in a folder `browser/long` of a crate, run by Node.js against an
//! optimised binary.
//!
//! A script prints each figure in a line that begins with `FIGURE`, with its goal, and fails where the goal is not
//! reached. Absent on purpose: keeping the figures. Whoever ran them writes them to docs/benchmarks.md.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{
    Failure,
    run::{self, Stream},
    test::browser,
    workspace::Workspace,
};

const END: &str = ".long.mjs";
const FIGURE: &str = "FIGURE ";

/// Runs those that are named, or all of them; the error names those that failed.
pub fn run(workspace: &Workspace, named: &[&str]) -> Result<(), Failure> {
    let scripts = scripts(workspace, named)?;
    let chromium = browser::chromium()?;
    let node = browser::node(&workspace.target)?;
    let binary = binary(workspace)?;
    let (mut figures, mut failed) = (Vec::new(), Vec::new());
    for script in &scripts {
        let folder = script.parent().ok_or("a script without a folder")?;
        // The everyday tests' packages are above; the folder's own are what only the figures need.
        for packages in folder.parent().into_iter().chain([folder]) {
            browser::install(packages)?;
        }
        println!("{}", name(script));
        let mut command = Command::new(&node);
        command.arg("--test-reporter=spec").arg(script).current_dir(folder);
        command.env("THROUGHLINE_BIN", &binary).env("CHROMIUM", &chromium).env("FORCE_COLOR", "0");
        let fine = run::watched(&mut command, Stream::Out, &mut |line| {
            figures.extend(line.strip_prefix(FIGURE).map(str::to_owned));
        })?;
        if !fine {
            failed.push(name(script));
        }
    }
    println!("figures:");
    for figure in &figures {
        println!("  {figure}");
    }
    if failed.is_empty() { Ok(()) } else { Err(format!("pages: {}", failed.join(", "))) }
}

fn name(script: &Path) -> String {
    let file = script.file_name().unwrap_or_default().to_string_lossy();
    file.strip_suffix(END).unwrap_or(&file).to_owned()
}

/// All scripts, by name; of those named, each has to be there.
fn scripts(workspace: &Workspace, named: &[&str]) -> Result<Vec<PathBuf>, Failure> {
    let folders =
        workspace.packages.iter().map(|package| workspace.root.join(&package.folder).join("browser/long"));
    let mut found: Vec<PathBuf> = folders
        .filter_map(|folder| fs::read_dir(folder).ok())
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.to_string_lossy().ends_with(END))
        .collect();
    found.sort();
    if let Some(unknown) = named.iter().find(|wanted| !found.iter().any(|script| name(script) == **wanted)) {
        let known: Vec<String> = found.iter().map(|script| name(script)).collect();
        return Err(format!("there is no script `{unknown}`, only {}", known.join(", ")));
    }
    found.retain(|script| named.is_empty() || named.contains(&name(script).as_str()));
    if found.is_empty() {
        return Err(format!("no crate has a script `browser/long/…{END}`"));
    }
    Ok(found)
}

/// The one that `THROUGHLINE_BIN` names, or a release build: unoptimised, the figures would tell nothing of speed.
fn binary(workspace: &Workspace) -> Result<PathBuf, Failure> {
    let chosen = std::env::var_os("THROUGHLINE_BIN").map(PathBuf::from);
    let binary = if let Some(chosen) = chosen {
        chosen
    } else {
        if !run::streamed(run::cargo().args(["build", "--release", "-p", "throughline-cli"]))? {
            return Err("the binary does not build".to_owned());
        }
        workspace.target.join("release").join(format!("throughline{}", std::env::consts::EXE_SUFFIX))
    };
    if binary.is_file() { Ok(binary) } else { Err(format!("there is no {}", binary.display())) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Package;

    #[test]
    fn scripts_are_found_by_their_end_and_chosen_by_their_name() {
        let root = std::env::temp_dir().join(format!("throughline-long-pages-{}", std::process::id()));
        let folder = root.join("crates/web/browser/long");
        fs::create_dir_all(&folder).unwrap();
        for file in ["speed.long.mjs", "access.long.mjs", "crawl.mjs", "package.json"] {
            fs::write(folder.join(file), "").unwrap();
        }
        let package =
            Package { name: "throughline-web".into(), folder: "crates/web".into(), dependencies: Vec::new() };
        let workspace =
            Workspace { target: root.join("target"), packages: vec![package], root: root.clone() };
        let all = scripts(&workspace, &[]);
        let one = scripts(&workspace, &["speed"]);
        let none = scripts(&workspace, &["sped"]);
        fs::remove_dir_all(&root).unwrap();
        assert_eq!(all.unwrap().iter().map(|script| name(script)).collect::<Vec<_>>(), ["access", "speed"]);
        assert_eq!(one.unwrap(), [folder.join("speed.long.mjs")]);
        assert_eq!(none.unwrap_err(), "there is no script `sped`, only access, speed");
    }
}
