//! One deal of the stand-in: its stages and its CSM field, both held by the gates, and what the gates say.

use askama::Template;
use axum::extract::{Path, Query};
use jiff::Timestamp;
use serde::Deserialize;
use throughline_app::{
    AppError,
    deals::{DealOptions, crm_person},
    gates::{GateAnswer, IntentTo, Subject, escaped},
};
use throughline_domain::{
    deal::{Deal, DealKey, Standing},
    gate::Verdict,
    playbook::Gate,
};

use super::{SOURCE, only_in_the_demo, program, stages::SalesStage};
use crate::{
    answer::html,
    chrome::{Chrome, role_key},
    form::Posted,
    i18n::Text,
    key,
    pages::words::{self, word},
    ui::{Gap, GateMark, Person, Tone},
    visit::{Answer, Visit},
};

#[derive(Deserialize)]
pub struct Asked {
    /// The gate that just refused, when one did.
    refused: Option<String>,
}

/// A stage on the path.
struct Step {
    value: &'static str,
    label: String,
    current: bool,
    past: bool,
}

/// What one gate says of the deal.
struct Verdicted {
    id: String,
    name: String,
    mark: GateMark,
    text: String,
    gaps: Vec<Gap>,
}

impl Verdicted {
    fn gaps(&self) -> &[Gap] {
        &self.gaps
    }
}

/// A CSM to choose.
struct Candidate {
    id: String,
    name: String,
    open: u32,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "pages/crm/deal.html")]
struct DealPage {
    t: Text,
    chrome: Chrome,
    action: String,
    name: String,
    account: String,
    amount: String,
    close: String,
    owner: String,
    csm: String,
    extra: Vec<(String, String)>,
    steps: Vec<Step>,
    csms: Vec<Candidate>,
    refused: Option<(String, String, usize)>,
    gates: Vec<Verdicted>,
    record: Option<String>,
    open_href: String,
}

fn key_of(external_id: &str) -> DealKey {
    DealKey { source: SOURCE.to_owned(), external_id: external_id.to_owned() }
}

/// Who accepted the handoff: what a connector writes into the CRM's own field.
async fn accepted(visit: &Visit, key: &DealKey) -> Result<Option<String>, AppError> {
    let app = &visit.web.app;
    let row = app.store().deal(visit.caller.org, key).await?;
    let Some(id) = row.and_then(|row| row.handoff) else { return Ok(None) };
    let handoff = app.load(visit.caller.org, id).await?.handoff;
    let csm = handoff.stage.assigned_at().and_then(|_| handoff.stage.csm());
    let Some(csm) = csm else { return Ok(None) };
    Ok(Some(app.person(&program(visit), csm).await?.name))
}

/// The newest reading of the deal.
async fn known(visit: &Visit, key: &DealKey) -> Result<Deal, AppError> {
    let row = visit.web.app.store().deal(visit.caller.org, key).await?.ok_or(AppError::NotFound("deal"))?;
    match row.handoff {
        Some(id) => Ok(visit.web.app.load(visit.caller.org, id).await?.handoff.deal),
        None => serde_json::from_str(&row.body).map_err(AppError::broken),
    }
}

async fn ask(visit: &Visit, key: &DealKey, gate: Gate, intent: IntentTo) -> Result<GateAnswer, AppError> {
    visit.web.app.check_gate(&program(visit), gate, &Subject::Deal { deal: key.clone() }, intent).await
}

pub async fn page(visit: Visit, Path(external_id): Path<String>, Query(asked): Query<Asked>) -> Answer {
    only_in_the_demo(&visit)?;
    let t = visit.t.clone();
    let key = key_of(&external_id);
    let deal = known(&visit, &key).await?;
    let mut gates = Vec::new();
    let (mut refused, mut record) = (None, None);
    for gate in [Gate::Handoff, Gate::CsmAssignment] {
        let answer = ask(&visit, &key, gate, IntentTo::Preview).await?;
        record = record.or_else(|| answer.handoff_id.map(|id| format!("/handoffs/{id}")));
        let shown = verdicted(&t, &answer);
        if asked.refused.as_deref() == Some(gate.name()) && answer.verdict == Verdict::Refused {
            let what = match gate {
                Gate::Handoff => key!("crm-refused-close"),
                _ => key!("crm-refused-assign"),
            };
            refused = Some((t.get(what).into_owned(), format!("#{}", shown.id), shown.gaps.len()));
        }
        gates.push(shown);
    }
    let now = SalesStage::of(&deal.stage, deal.standing);
    let place = SalesStage::ALL.into_iter().position(|stage| stage == now).unwrap_or(0);
    let steps = (0..)
        .zip(SalesStage::ALL)
        .map(|(at, stage)| Step {
            value: stage.name(),
            label: t.get(stage.key()).into_owned(),
            current: stage == now,
            past: at < place && now != SalesStage::Lost,
        })
        .collect();
    let text =
        |text: &Option<throughline_domain::Personal>| text.as_ref().map(|text| text.as_str().to_owned());
    let named = |person: &Option<throughline_domain::deal::CrmPerson>| {
        person
            .as_ref()
            .and_then(|person| text(&person.name).or_else(|| text(&person.email)))
            .unwrap_or_default()
    };
    let csm = match accepted(&visit, &key).await? {
        Some(name) => name,
        None => named(&deal.csm),
    };
    let csm_id = deal.csm.as_ref().and_then(|csm| csm.external_id.clone());
    let csms = visit.web.app.csms(&program(&visit)).await?;
    Ok(html(&DealPage {
        chrome: visit.chrome(None),
        action: format!("/crm/{}", escaped(&external_id)),
        account: deal.account.clone(),
        amount: deal.amount.map(|amount| t.money(amount)).unwrap_or_default(),
        close: deal.close_on.map(|date| t.date(date)).unwrap_or_default(),
        owner: named(&deal.owner),
        csms: csms
            .into_iter()
            .take(50)
            .map(|(person, open)| Candidate {
                chosen: csm_id.as_deref() == Some(person.id.to_string().as_str()) || person.name == csm,
                id: person.id.to_string(),
                name: person.name,
                open,
            })
            .collect(),
        csm,
        extra: further(&t, &deal),
        name: deal.name,
        steps,
        refused,
        gates,
        open_href: format!("/deals/open?source={SOURCE}&external_id={}", escaped(&external_id)),
        record,
        t,
    }))
}

fn further(t: &Text, deal: &Deal) -> Vec<(String, String)> {
    let plain = |label, value: &Option<String>| Some((label, value.clone()?));
    [
        plain(t.get(key!("crm-type")), &deal.deal_type),
        plain(t.get(key!("crm-segment")), &deal.segment),
        plain(t.get(key!("crm-plan")), &deal.plan),
        plain(t.get(key!("crm-competitor")), &deal.competitor),
    ]
    .into_iter()
    .flatten()
    .map(|(label, value)| (label.into_owned(), value))
    .collect()
}

fn verdicted(t: &Text, answer: &GateAnswer) -> Verdicted {
    let mark = match answer.verdict {
        Verdict::Pass => GateMark::Pass,
        Verdict::Refused => GateMark::Refused,
        Verdict::Waived => GateMark::Waived,
        Verdict::NotRequired => GateMark::NotRequired,
    };
    let text = match (answer.verdict, answer.enforced) {
        (Verdict::Refused, true) => t.get(key!("crm-enforced")),
        (Verdict::Refused, false) => t.get(key!("crm-not-enforced")),
        (Verdict::NotRequired, _) => t.get(key!("crm-not-required")),
        (Verdict::Waived, _) => t.get(key!("crm-waived")),
        (Verdict::Pass, _) => t.get(key!("crm-passes")),
    };
    let gaps = answer
        .gaps
        .iter()
        .map(|gap| {
            let role = t.get(role_key(gap.gap.owed_by));
            let owes = match &gap.owner_name {
                Some(name) => Person::named(name.clone()).as_a(role),
                None => Person::named(role),
            };
            let why = words::why(t, &gap.gap.why);
            let problem = words::problem(t, &gap.gap.problem);
            let why = why.map_or(problem.clone(), |why| format!("{problem} · {why}"));
            Gap { what: gap.gap.title.clone(), why, owes, href: gap.url.clone() }
        })
        .collect();
    Verdicted {
        id: format!("gate-{}", answer.gate.name()),
        name: word(t, answer.gate),
        mark,
        text: text.into_owned(),
        gaps,
    }
}

/// The present as a source's time that is newer than what is known.
fn newer(visit: &Visit, deal: &Deal) -> Timestamp {
    let after = deal.source_time + jiff::SignedDuration::from_millis(1);
    visit.web.app.now().max(after)
}

/// The stage picker. *Closed Won* asks the handoff gate first, as a CRM's rule would.
pub async fn set_stage(visit: Visit, Path(external_id): Path<String>, posted: Posted) -> Answer {
    only_in_the_demo(&visit)?;
    let key = key_of(&external_id);
    let here = format!("/crm/{}", escaped(&external_id));
    let stage = SalesStage::named(posted.typed("stage"))
        .ok_or_else(|| AppError::invalid("stage", visit.t.get(key!("crm-no-such-stage"))))?;
    let deal = known(&visit, &key).await?;
    let mut unasked = false;
    if stage == SalesStage::Won && deal.standing != Standing::Won {
        let answer = ask(&visit, &key, Gate::Handoff, IntentTo::Attempt).await?;
        if answer.verdict == Verdict::Refused && answer.enforced {
            return Ok(crate::answer::redirect(&format!("{here}?refused={}", Gate::Handoff.name()), None));
        }
        unasked = answer.verdict == Verdict::Refused;
    }
    let now = newer(&visit, &deal);
    let closed_at = (stage == SalesStage::Won).then(|| deal.closed_at.unwrap_or(now));
    let news = Deal {
        source_time: now,
        stage: stage.name().to_owned(),
        standing: stage.standing(),
        probability: Some(stage.probability()),
        closed_at,
        signed_at: if stage == SalesStage::Won { deal.signed_at } else { None },
        ..deal
    };
    visit.web.app.put_deal(&program(&visit), news, DealOptions::default()).await?;
    let label = visit.t.get(stage.key());
    let (tone, text) = match unasked {
        true => (Tone::Info, visit.t.get(key!("crm-closed-anyway"))),
        false => (Tone::Good, visit.t.with(key!("crm-stage-set"), ("stage", label))),
    };
    Ok(visit.back(&here, tone, &text))
}

/// The CSM field: asks whether somebody may be assigned, and fills it only then.
pub async fn assign(visit: Visit, Path(external_id): Path<String>, posted: Posted) -> Answer {
    only_in_the_demo(&visit)?;
    let key = key_of(&external_id);
    let here = format!("/crm/{}", escaped(&external_id));
    let deal = known(&visit, &key).await?;
    let id = posted.parse("csm")?;
    let csm = visit.web.app.person(&program(&visit), id).await?;
    let answer = ask(&visit, &key, Gate::CsmAssignment, IntentTo::Attempt).await?;
    if answer.verdict == Verdict::Refused && answer.enforced {
        return Ok(crate::answer::redirect(&format!("{here}?refused={}", Gate::CsmAssignment.name()), None));
    }
    let news = Deal {
        source_time: newer(&visit, &deal),
        csm: crm_person(None, Some(&csm.name), csm.email.as_deref()),
        ..deal
    };
    visit.web.app.put_deal(&program(&visit), news, DealOptions::default()).await?;
    Ok(visit.back(&here, Tone::Good, &visit.t.with(key!("crm-assigned"), ("name", csm.name))))
}
