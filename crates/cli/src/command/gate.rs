//! `throughline gate`: the one question any system may ask, from a shell.

use clap::{Subcommand, ValueEnum};
use serde_json::json;
use throughline_app::gates::{IntentTo, Subject};
use throughline_domain::{HandoffId, deal::DealKey, gate::Verdict, personal, playbook::Gate};

use crate::{
    args::{Global, OrgArg},
    desk::Desk,
    failure::{Exit, Failure},
    output::Out,
};

#[derive(Debug, Subcommand)]
pub enum GateCommand {
    /// Ask whether a deal may pass a gate; everything missing is told with who owes it
    #[command(after_help = "\
Examples:
  throughline gate check handoff --deal salesforce:0065g00000ABCDE
  throughline gate check kickoff --handoff 0199f1c2-… --intent attempt --json

Exit codes: 0 it passes, is waived or not required; 1 refused.")]
    Check {
        /// handoff, csm_assignment, cs_access, kickoff, credit or done
        gate: Gate,
        /// The deal, as its CRM knows it
        #[arg(long, value_name = "SOURCE:ID", value_parser = deal_key, required_unless_present = "handoff")]
        deal: Option<DealKey>,
        /// The handoff, by its id
        #[arg(long, value_name = "ID", conflicts_with = "deal")]
        handoff: Option<HandoffId>,
        /// preview writes nothing; attempt is remembered
        #[arg(long, value_enum, default_value_t = Intent::Preview)]
        intent: Intent,
        #[command(flatten)]
        org: OrgArg,
    },
}

/// Whether asking leaves a trace.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Intent {
    Preview,
    Attempt,
}

/// `SOURCE:ID`, as deals are written on the command line.
pub fn deal_key(text: &str) -> Result<DealKey, String> {
    match text.split_once(':') {
        Some((source, id)) if !source.trim().is_empty() && !id.trim().is_empty() => {
            Ok(DealKey { source: source.trim().to_owned(), external_id: id.trim().to_owned() })
        }
        _ => Err("write it as SOURCE:ID, such as salesforce:0065g00000ABCDE".to_owned()),
    }
}

pub async fn run(global: &Global, what: GateCommand, out: Out) -> Result<Exit, Failure> {
    let GateCommand::Check { gate, deal, handoff, intent, org } = what;
    let desk = Desk::open(global, &org).await?;
    let subject = match (deal, handoff) {
        (_, Some(handoff_id)) => Subject::Handoff { handoff_id },
        (Some(deal), None) => Subject::Deal { deal },
        (None, None) => {
            return Err(Failure::usage("which deal?").hint("give --deal SOURCE:ID or --handoff ID"));
        }
    };
    let intent = match intent {
        Intent::Preview => IntentTo::Preview,
        Intent::Attempt => IntentTo::Attempt,
    };
    let answer = desk.app.check_gate(&desk.caller, gate, &subject, intent).await?;
    out.value(&personal::plain(json!(answer)))?;
    let blocks = match (answer.verdict, answer.enforced) {
        (Verdict::Refused, true) => " (blocks)",
        (Verdict::Refused, false) => " (not enforced)",
        _ => "",
    };
    out.line(format_args!("{}: {}{blocks}", gate.name(), answer.verdict.name()))?;
    for gap in &answer.gaps {
        let owner = gap.owner_name.as_deref().unwrap_or("nobody yet");
        out.line(format_args!("  {}: {}", gap.gap.title, gap.message))?;
        out.line(format_args!("    {}; owed by {owner} ({}); {}", gap.reason, gap.gap.owed_by, gap.url))?;
    }
    for gap in &answer.waived {
        out.line(format_args!("  waived: {}", gap.gap.title))?;
    }
    Ok(if answer.verdict == Verdict::Refused { Exit::Findings } else { Exit::Done })
}
