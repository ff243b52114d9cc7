//! `throughline migrate`

use serde_json::json;

use crate::{
    args::Global,
    database,
    failure::{Exit, Failure},
    output::Out,
};

pub fn run(global: &Global, out: Out) -> Result<Exit, Failure> {
    let path = database::path(global)?;
    database::keep_to_ourselves(&path);
    let (from, to) =
        throughline_store_sqlite::migrate(&path).map_err(|why| database::not_opened(&path, &why))?;
    out.value(&json!({ "from": from, "to": to }))?;
    if from == to {
        out.line(format_args!("{} is at schema version {to} already", path.display()))?;
    } else {
        out.line(format_args!("{}: schema version {from} → {to}", path.display()))?;
    }
    Ok(Exit::Done)
}
