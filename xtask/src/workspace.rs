//! Where things are, and what `cargo metadata` says about the packages.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::{Failure, run};

/// The packages of the workspace, without their outside dependencies' own.
pub struct Workspace {
    /// The folder with the root `Cargo.toml`.
    pub root: PathBuf,
    /// Where Cargo builds.
    pub target: PathBuf,
    /// Its packages, by name.
    pub packages: Vec<Package>,
}

/// One package with what its manifest asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// As in its manifest.
    pub name: String,
    /// Its folder below the root, with `/`: `crates/domain`.
    pub folder: String,
    /// Everything it asks for.
    pub dependencies: Vec<Dependency>,
}

/// One line of a manifest's dependency tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependency {
    /// The package asked for, whatever it is renamed to.
    pub name: String,
    /// In which table.
    pub kind: Kind,
}

/// In which table a dependency stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `[dependencies]`
    Normal,
    /// `[build-dependencies]`
    Build,
    /// `[dev-dependencies]`
    Dev,
}

impl Workspace {
    /// Asks Cargo.
    pub fn read() -> Result<Self, Failure> {
        let said = run::output(run::cargo().args(["metadata", "--no-deps", "--format-version", "1"]))?;
        let metadata =
            serde_json::from_str(&said).map_err(|why| format!("cargo metadata is no JSON: {why}"))?;
        Self::from_metadata(&metadata)
    }

    /// Reads what `cargo metadata --no-deps --format-version 1` printed.
    pub fn from_metadata(metadata: &Value) -> Result<Self, Failure> {
        let root = PathBuf::from(text(metadata, "workspace_root")?);
        let target = PathBuf::from(text(metadata, "target_directory")?);
        let packages = list(metadata, "packages")?;
        let mut packages =
            packages.iter().map(|package| Package::read(package, &root)).collect::<Result<Vec<_>, _>>()?;
        packages.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(Self { root, target, packages })
    }
}

impl Package {
    fn read(package: &Value, root: &Path) -> Result<Self, Failure> {
        let manifest = PathBuf::from(text(package, "manifest_path")?);
        let folder = manifest.parent().and_then(|folder| folder.strip_prefix(root).ok());
        let folder = folder.ok_or_else(|| format!("{} is outside the workspace", manifest.display()))?;
        let dependencies =
            list(package, "dependencies")?.iter().map(Dependency::read).collect::<Result<_, _>>()?;
        Ok(Self {
            name: text(package, "name")?.to_owned(),
            folder: folder.to_string_lossy().replace('\\', "/"),
            dependencies,
        })
    }
}

impl Dependency {
    fn read(dependency: &Value) -> Result<Self, Failure> {
        let kind = match dependency.get("kind").and_then(Value::as_str) {
            None => Kind::Normal,
            Some("build") => Kind::Build,
            Some("dev") => Kind::Dev,
            Some(other) => {
                return Err(format!("cargo metadata names an unknown kind of dependency: {other}"));
            }
        };
        Ok(Self { name: text(dependency, "name")?.to_owned(), kind })
    }
}

fn text<'v>(value: &'v Value, key: &str) -> Result<&'v str, Failure> {
    value.get(key).and_then(Value::as_str).ok_or_else(|| format!("cargo metadata has no text `{key}`"))
}

fn list<'v>(value: &'v Value, key: &str) -> Result<&'v Vec<Value>, Failure> {
    value.get(key).and_then(Value::as_array).ok_or_else(|| format!("cargo metadata has no list `{key}`"))
}
