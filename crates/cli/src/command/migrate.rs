//! `throughline migrate`

use serde_json::json;

use crate::{
    args::Global,
    database::{self, Place},
    failure::{Exit, Failure},
    output::Out,
};

pub async fn run(global: &Global, out: Out) -> Result<Exit, Failure> {
    let (name, (from, to)) = match database::place(global)? {
        Place::File(path) => {
            database::keep_to_ourselves(&path);
            let versions =
                throughline_store_sqlite::migrate(&path).map_err(|why| database::not_opened(&path, &why))?;
            (path.display().to_string(), versions)
        }
        Place::Server(url) => {
            let versions = throughline_store_postgres::migrate(&url).await.map_err(database::not_reached)?;
            ("the database".to_owned(), versions)
        }
    };
    out.value(&json!({ "from": from, "to": to }))?;
    if from == to {
        out.line(format_args!("{name} is at schema version {to} already"))?;
    } else {
        out.line(format_args!("{name}: schema version {from} → {to}"))?;
    }
    Ok(Exit::Done)
}
