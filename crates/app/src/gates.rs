//! The one decision endpoint every system asks (R2.7, R0.13).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use throughline_domain::{
    HandoffId, PersonId, Role,
    access::Action,
    deal::DealKey,
    gate::{self, Gap, Judgement, Verdict},
    handoff::{Covers, command},
    playbook::Gate,
};

use crate::{App, AppError, Caller, HandleOptions};

/// Which deal a gate is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Subject {
    /// By its id in a CRM.
    Deal {
        /// The deal.
        deal: DealKey,
    },
    /// By its handoff.
    Handoff {
        /// The handoff.
        handoff_id: HandoffId,
    },
}

/// Whether asking leaves a trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum IntentTo {
    /// Nothing is written.
    Preview,
    /// Somebody is about to pass: the answer is a fact.
    Attempt,
}

/// The answer to a gate check.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct GateAnswer {
    /// Which gate.
    pub gate: Gate,
    /// The verdict.
    pub verdict: Verdict,
    /// Whether the caller should block on a refusal (R0.14).
    pub enforced: bool,
    /// The handoff, when there is one.
    pub handoff_id: Option<HandoffId>,
    /// Where a person sees it, as a path.
    pub url: String,
    /// Everything missing.
    pub gaps: Vec<GapAnswer>,
    /// What a waiver covers.
    pub waived: Vec<GapAnswer>,
}

/// A gap with what a person needs to close it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct GapAnswer {
    /// The gap.
    #[serde(flatten)]
    pub gap: Gap,
    /// What is wrong, in a sentence.
    pub message: String,
    /// Why it is asked here, in a sentence.
    pub reason: String,
    /// Who owes it, by name; none: nobody holds the job yet.
    pub owner_name: Option<String>,
    /// For whom they answer, by name: a CRM owner who is not mapped to anybody here.
    pub instead_of_name: Option<String>,
    /// The commands that close it, the usual one first: `POST /api/v1/handoffs/{id}/{command}`.
    pub closed_by: Vec<String>,
    /// Where to close it, as a path.
    pub url: String,
}

impl App {
    /// Asks a gate. A preview writes nothing; an attempt on a handoff is a fact, on an unknown deal an audit row.
    pub async fn check_gate(
        &self,
        caller: &Caller,
        gate: Gate,
        subject: &Subject,
        intent: IntentTo,
    ) -> Result<GateAnswer, AppError> {
        let action = match intent {
            IntentTo::Preview => Action::PreviewGate,
            IntentTo::Attempt => Action::AttemptGate,
        };
        caller.may(action)?;
        let id = match subject {
            Subject::Handoff { handoff_id } => Some(*handoff_id),
            Subject::Deal { deal } => self.store.deal(caller.org, deal).await?.and_then(|row| row.handoff),
        };
        let Some(id) = id else {
            let Subject::Deal { deal } = subject else { return Err(AppError::NotFound("handoff")) };
            let answer = self.no_record(caller, gate, deal, intent).await?;
            self.meter.judged(gate, answer.verdict);
            return Ok(answer);
        };
        let answer = self.check_known(caller, gate, id, intent, action).await?;
        self.meter.judged(gate, answer.verdict);
        Ok(answer)
    }

    async fn check_known(
        &self,
        caller: &Caller,
        gate: Gate,
        id: HandoffId,
        intent: IntentTo,
        action: Action,
    ) -> Result<GateAnswer, AppError> {
        if intent == IntentTo::Attempt {
            let command = command::AttemptGate { gate };
            let handled = self.handle(caller, id, command, HandleOptions::default()).await?;
            let loaded = handled.loaded;
            if let Some((gate, gaps)) = handled.shut {
                let judgement = Judgement { gate, verdict: Verdict::Refused, gaps, waived: Vec::new() };
                return self.gate_answer(loaded.org.mode.enforces(gate), Some(id), judgement, caller).await;
            }
            return self.judged(caller, &loaded, gate).await;
        }
        let loaded = self.load(caller.org, id).await?;
        caller.may_on(action, &loaded.handoff)?;
        self.judged(caller, &loaded, gate).await
    }

    /// Judges a gate of a loaded handoff as it stands.
    pub async fn judged(
        &self,
        caller: &Caller,
        loaded: &crate::handle::Loaded,
        gate: Gate,
    ) -> Result<GateAnswer, AppError> {
        let judgement = match &loaded.playbook {
            Some(playbook) => gate::judge(&loaded.handoff, playbook, &loaded.calendars, self.now(), gate),
            None => Judgement { gate, verdict: Verdict::NotRequired, gaps: Vec::new(), waived: Vec::new() },
        };
        self.gate_answer(loaded.org.mode.enforces(gate), Some(loaded.handoff.id), judgement, caller).await
    }

    async fn no_record(
        &self,
        caller: &Caller,
        gate: Gate,
        deal: &DealKey,
        intent: IntentTo,
    ) -> Result<GateAnswer, AppError> {
        let org = self.organisation(caller.org).await?;
        let judgement = gate::no_record(gate, Role::RevOps, org.process_owner);
        if intent == IntentTo::Attempt {
            let detail = serde_json::json!({ "gate": gate, "verdict": "refused" });
            let audit = self.audit(caller, "attempt-gate-without-record", &deal.to_string(), detail);
            self.apply(caller, Vec::new(), audit).await?;
        }
        let mut answer = self.gate_answer(org.mode.enforces(gate), None, judgement, caller).await?;
        let url = format!(
            "/deals/open?source={}&external_id={}",
            escaped(&deal.source),
            escaped(&deal.external_id)
        );
        for gap in &mut answer.gaps {
            gap.url.clone_from(&url);
        }
        Ok(GateAnswer { url, ..answer })
    }

    async fn gate_answer(
        &self,
        enforced: bool,
        id: Option<HandoffId>,
        judgement: Judgement,
        caller: &Caller,
    ) -> Result<GateAnswer, AppError> {
        let mut gaps = Vec::with_capacity(judgement.gaps.len());
        for gap in judgement.gaps {
            gaps.push(self.gap_answer(caller, id, gap).await?);
        }
        let mut waived = Vec::with_capacity(judgement.waived.len());
        for covered in judgement.waived {
            waived.push(self.gap_answer(caller, id, covered.gap).await?);
        }
        let url = id.map_or_else(|| "/deals".to_owned(), |id| format!("/handoffs/{id}"));
        Ok(GateAnswer {
            gate: judgement.gate,
            verdict: judgement.verdict,
            enforced,
            handoff_id: id,
            url,
            gaps,
            waived,
        })
    }

    async fn name_of(&self, caller: &Caller, id: Option<PersonId>) -> Result<Option<String>, AppError> {
        let Some(id) = id else { return Ok(None) };
        Ok(self.store.person(caller.org, id).await?.map(|person| person.name))
    }

    /// Dresses a gap: sentences, the owner's name, the place to close it.
    pub async fn gap_answer(
        &self,
        caller: &Caller,
        id: Option<HandoffId>,
        gap: Gap,
    ) -> Result<GapAnswer, AppError> {
        let owner_name = self.name_of(caller, gap.person).await?;
        let instead_of_name = self.name_of(caller, gap.instead_of).await?;
        let reason = match &gap.why {
            gate::Why::Always => "always required".to_owned(),
            gate::Why::Because { rule } => format!("required because {rule}"),
            gate::Why::RuleFailed { rule, error } => {
                format!("required because its rule could not be checked: {rule} ({error})")
            }
            gate::Why::Process => "part of the process".to_owned(),
        };
        Ok(GapAnswer {
            message: gap.problem.to_string(),
            reason,
            owner_name,
            instead_of_name,
            closed_by: gate::remedies(&gap).iter().map(|verb| (*verb).to_owned()).collect(),
            url: id.map_or_else(String::new, |id| place(id, &gap.about)),
            gap,
        })
    }
}

/// Where on the pages a gap is closed.
pub fn place(id: HandoffId, about: &Covers) -> String {
    let at = |part: &str, anchor: &str| format!("/handoffs/{id}{part}#{anchor}");
    match about {
        Covers::Ask { ask } => at("", &format!("ask-{ask}")),
        Covers::Commitment { item } => at("/promises", &format!("promise-{item}")),
        Covers::Correction { item } => at("/promises", &format!("promise-{item}")),
        Covers::Category { category } => at("/review", &format!("category-{category}")),
        Covers::Step { step } => at("/steps", &format!("step-{step}")),
        Covers::Return => at("/review", "return"),
        Covers::Reopened => at("", "reopened"),
        Covers::Acceptance => at("/review", "offer"),
        Covers::Ownership => at("/steps", "ownership"),
        Covers::Plan => at("/plan", "plan"),
        Covers::Rating { rating } => at("/review", &format!("rating-{rating}")),
        Covers::Debt { waiver } => at("/gates", &format!("waiver-{waiver}")),
        Covers::NoRecord | Covers::NotLive => at("", "top"),
    }
}

/// A text as part of a query string.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
