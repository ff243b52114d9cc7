//! `throughline plan`: signed plans, held against their seals. Needs no server and no database.

use std::{
    fs::File,
    io::Read as _,
    path::{Path, PathBuf},
};

use clap::Subcommand;
use serde_json::json;
use throughline_app::portal::{LARGEST_SEALED, Unsealed, verify_sealed};

use crate::{
    failure::{Exit, Failure},
    output::Out,
};

#[derive(Debug, Subcommand)]
pub enum PlanCommand {
    /// Hold a signed plan against its seal
    #[command(after_help = "\
Examples:
  throughline plan verify plan.json
  throughline plan verify plan.pdf --key 3q2+7w…=
  throughline plan verify signed/march.json --seal signed/march.seal.json

The seal is looked for beside the plan: of plan.json in plan.seal.json, of plan.pdf in plan.pdf.seal.json. Without --key
it is said with which key the plan is sealed, which anybody could have made; compare it with the one the company names.

Exit codes: 0 it holds, 1 it does not, 3 a file cannot be read.")]
    Verify {
        /// The plan, as it was downloaded: JSON or PDF
        #[arg(value_name = "PLAN")]
        file: PathBuf,
        /// Its seal
        #[arg(long, value_name = "FILE")]
        seal: Option<PathBuf>,
        /// The company's public key, base64
        #[arg(long, value_name = "KEY")]
        key: Option<String>,
    },
}

pub fn run(what: PlanCommand, out: Out) -> Result<Exit, Failure> {
    let PlanCommand::Verify { file, seal, key } = what;
    let seal = seal.unwrap_or_else(|| beside(&file));
    let (document, sealed) = (read(&file)?, read(&seal)?);
    match verify_sealed(&document, &sealed, key.as_deref()) {
        Ok(verified) => {
            let plan = &verified.plan;
            out.line(format_args!(
                "{} of {} signed the plan of {} and {} on {}: {} milestones, as they were signed",
                plan.signed.name,
                plan.signed.mailbox,
                plan.company,
                plan.account,
                plan.signed.at,
                plan.milestones.len(),
            ))?;
            out.line(format_args!("sealed with the key {}", verified.key))?;
            if key.is_none() {
                out.note("compare this key with the one the company names, or give it with --key")?;
            }
            let value =
                json!({ "holds": true, "key": verified.key, "key_checked": key.is_some(), "plan": plan });
            out.value(&value)?;
            Ok(Exit::Done)
        }
        Err(why) => {
            out.line(&why)?;
            let other = matches!(why, Unsealed::OtherKey(_));
            out.value(&json!({ "holds": false, "other_key": other, "error": why.to_string() }))?;
            Ok(Exit::Findings)
        }
    }
}

/// Where the seal of a file stands, as both are downloaded.
fn beside(file: &Path) -> PathBuf {
    if file.extension().is_some_and(|ending| ending == "json") {
        return file.with_extension("seal.json");
    }
    let mut name = file.as_os_str().to_owned();
    name.push(".seal.json");
    name.into()
}

fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    let unreadable = |why: std::io::Error| Failure::unreachable(format!("{}: {why}", file.display()));
    let mut bytes = Vec::new();
    // One byte more than is taken tells that it is too much.
    let most = LARGEST_SEALED as u64 + 1;
    File::open(file).map_err(unreadable)?.take(most).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() > LARGEST_SEALED {
        return Err(Failure::refused(format!("{} is larger than any signed plan", file.display())));
    }
    Ok(bytes)
}
