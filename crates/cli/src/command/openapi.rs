//! `throughline openapi`

use crate::{
    failure::{Exit, Failure},
    output::Out,
};

pub fn run(out: Out) -> Result<Exit, Failure> {
    let description = crate::serve::openapi();
    let text =
        serde_json::to_string_pretty(&description).map_err(|why| Failure::unreachable(why.to_string()))?;
    out.raw(format_args!("{text}\n"))?;
    Ok(Exit::Done)
}
