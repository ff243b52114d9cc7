//! Entries of the record's lists: as a form holds them, as they are read, and as they are shown.

use throughline_app::{AppError, read::HandoffView};
use throughline_domain::{
    playbook::asks::Need,
    record::{
        Body, Criterion, DataMove, Influence, Integration, Item, List, Promise, PromiseKind, PromiseLife,
        Risk, RiskKind, Side, Source, Stakeholder, StakeholderRole, Stance, Strength,
    },
};

use super::answers;
use crate::{
    form::Posted,
    i18n::Text,
    key,
    pages::words::{self, choices, data_name, word},
    ui::{self, Control, Draft, Field},
};

/// The fields that hold an entry.
pub fn typed(item: &Item) -> Posted {
    let mut fields: Vec<(String, String)> = Vec::new();
    let mut put = |name: &str, value: String| fields.push((name.to_owned(), value));
    let yes = |yes: bool| if yes { "yes" } else { "no" }.to_owned();
    match &item.body {
        Body::Promise(promise) => {
            put("what", promise.what.to_string());
            put("kind", data_name(promise.kind));
            promise.strength.iter().for_each(|strength| put("strength", data_name(strength)));
            promise.owed_by.iter().for_each(|side| put("owed_by", data_name(side)));
            promise.due_on.iter().for_each(|due| put("due_on", due.to_string()));
            promise.in_contract.iter().for_each(|held| put("in_contract", yes(*held)));
            promise.standard.iter().for_each(|held| put("standard", yes(*held)));
            if let Some(amount) = promise.amount {
                put("amount", answers::plain_amount(amount));
                put("amount_currency", amount.currency.to_string());
            }
        }
        Body::Criterion(criterion) => {
            put("words", criterion.words.to_string());
            criterion.measure.iter().for_each(|measure| put("measure", measure.to_string()));
            criterion.by_on.iter().for_each(|by| put("by_on", by.to_string()));
        }
        Body::Stakeholder(person) => {
            put("name", person.name.to_string());
            person.parts.iter().for_each(|part| put("parts", data_name(part)));
            person.title.iter().for_each(|text| put("title", text.to_string()));
            person.contact.iter().for_each(|text| put("contact", text.to_string()));
            person.influence.iter().for_each(|held| put("influence", data_name(held)));
            person.stance.iter().for_each(|held| put("stance", data_name(held)));
            person.goals.iter().for_each(|text| put("goals", text.to_string()));
            person.said.iter().for_each(|text| put("said", text.to_string()));
            let marks = [
                ("signed", person.signed),
                ("drove", person.drove),
                ("needs_early_win", person.needs_early_win),
                ("may_block", person.may_block),
            ];
            marks.iter().filter(|(_, held)| *held).for_each(|(name, _)| put(name, "on".to_owned()));
        }
        Body::Risk(risk) => {
            put("what", risk.what.to_string());
            put("kind", data_name(risk.kind));
            risk.severity.iter().for_each(|held| put("severity", data_name(held)));
            risk.owner.iter().for_each(|text| put("owner", text.to_string()));
            risk.mitigation.iter().for_each(|text| put("mitigation", text.to_string()));
        }
        Body::Integration(tool) => {
            put("tool", tool.tool.clone());
            tool.what.iter().for_each(|text| put("what", text.to_string()));
            tool.owner.iter().for_each(|text| put("owner", text.to_string()));
            if tool.needed_first {
                put("needed_first", "on".to_owned());
            }
        }
        Body::DataMove(data) => {
            put("what", data.what.to_string());
            data.from.iter().for_each(|text| put("from", text.clone()));
            data.format.iter().for_each(|text| put("format", text.clone()));
            data.owner.iter().for_each(|text| put("owner", text.to_string()));
        }
    }
    answers::put_evidence(&mut put, &item.evidence);
    Posted::filled(fields)
}

/// The entry a form holds.
pub fn read(list: List, posted: &Posted) -> Result<Body, AppError> {
    let line = |name: &str| -> Result<Option<String>, AppError> {
        match posted.get(name) {
            None => Ok(None),
            Some(text) => throughline_app::orgs::line(name, text, 500).map(Some),
        }
    };
    Ok(match list {
        List::Promises => Body::Promise(Promise {
            what: posted.text("what")?,
            kind: posted.one_of("kind")?,
            strength: posted.opt_one_of("strength")?,
            owed_by: posted.opt_one_of("owed_by")?,
            due_on: posted.opt_date("due_on")?,
            in_contract: posted.opt_yes("in_contract")?,
            standard: posted.opt_yes("standard")?,
            amount: posted.opt_money("amount")?,
            life: PromiseLife::default(),
        }),
        List::Criteria => Body::Criterion(Criterion {
            words: posted.text("words")?,
            measure: posted.opt_text("measure")?,
            by_on: posted.opt_date("by_on")?,
            confirmation: None,
        }),
        List::Stakeholders => {
            let parts: Vec<StakeholderRole> = posted.some_of("parts")?;
            if parts.is_empty() {
                return Err(AppError::invalid("parts", "say at least one part they play"));
            }
            Body::Stakeholder(Stakeholder {
                name: posted.text("name")?,
                parts,
                title: posted.opt_text("title")?,
                contact: posted.opt_text("contact")?,
                influence: posted.opt_one_of("influence")?,
                stance: posted.opt_one_of("stance")?,
                goals: posted.opt_text("goals")?,
                said: posted.opt_text("said")?,
                signed: posted.ticked("signed"),
                drove: posted.ticked("drove"),
                needs_early_win: posted.ticked("needs_early_win"),
                may_block: posted.ticked("may_block"),
            })
        }
        List::Risks => Body::Risk(Risk {
            what: posted.text("what")?,
            kind: posted.one_of("kind")?,
            severity: posted.opt_one_of("severity")?,
            owner: posted.opt_text("owner")?,
            mitigation: posted.opt_text("mitigation")?,
        }),
        List::Integrations => Body::Integration(Integration {
            tool: line("tool")?.ok_or_else(|| AppError::invalid("tool", "must be filled in"))?,
            what: posted.opt_text("what")?,
            owner: posted.opt_text("owner")?,
            needed_first: posted.ticked("needed_first"),
        }),
        List::DataMoves => Body::DataMove(DataMove {
            what: posted.text("what")?,
            from: line("from")?,
            format: line("format")?,
            owner: posted.opt_text("owner")?,
        }),
    })
}

/// The form of an entry. Fields an ask wants filled say so.
pub fn controls(draft: &Draft<'_>, list: List, needs: &[Need], currency: &str) -> Vec<Control> {
    let t = draft.t;
    let pair = |a, b| Control::Pair(vec![a, b]);
    let mut form = match list {
        List::Promises => {
            let held = draft.named("amount_currency", key!("answer-currency"));
            let held = if held.value.is_empty() { held.value(currency) } else { held };
            vec![
                must(draft.area("what", key!("item-what-promised"))),
                pair(
                    must(draft.select("kind", key!("item-kind"), |chosen| choices::<PromiseKind>(t, chosen))),
                    draft.select("strength", key!("item-strength"), |chosen| choices::<Strength>(t, chosen)),
                ),
                pair(
                    draft.select("owed_by", key!("item-owed-by"), |chosen| choices::<Side>(t, chosen)),
                    draft.date("due_on", key!("item-due")),
                ),
                pair(
                    draft.select("in_contract", key!("item-in-contract"), |chosen| {
                        words::yes_no(t, chosen[0])
                    }),
                    draft.select("standard", key!("item-standard"), |chosen| words::yes_no(t, chosen[0])),
                ),
                pair(draft.line("amount", key!("item-amount")), Control::Line(held, "text")),
            ]
        }
        List::Criteria => vec![
            must(draft.area("words", key!("item-words"))),
            draft.area("measure", key!("item-measure")),
            draft.date("by_on", key!("item-by")),
        ],
        List::Stakeholders => vec![
            pair(must(draft.line("name", key!("item-name"))), draft.line("title", key!("item-title"))),
            draft.checks("parts", key!("item-parts"), |chosen| choices::<StakeholderRole>(t, chosen)),
            draft.line("contact", key!("item-contact")),
            pair(
                draft.select("influence", key!("item-influence"), |chosen| choices::<Influence>(t, chosen)),
                draft.select("stance", key!("item-stance"), |chosen| choices::<Stance>(t, chosen)),
            ),
            draft.area("goals", key!("item-goals")),
            draft.area("said", key!("item-said")),
            pair(draft.tick("signed", key!("item-signed")), draft.tick("drove", key!("item-drove"))),
            pair(
                draft.tick("needs_early_win", key!("item-early-win")),
                draft.tick("may_block", key!("item-may-block")),
            ),
        ],
        List::Risks => vec![
            must(draft.area("what", key!("item-risk"))),
            pair(
                must(draft.select("kind", key!("item-kind"), |chosen| choices::<RiskKind>(t, chosen))),
                draft.select("severity", key!("item-severity"), |chosen| choices::<Influence>(t, chosen)),
            ),
            draft.area("mitigation", key!("item-mitigation")),
            draft.line("owner", key!("item-owner")),
        ],
        List::Integrations => vec![
            pair(must(draft.line("tool", key!("item-tool"))), draft.line("owner", key!("item-tool-owner"))),
            draft.area("what", key!("item-flows")),
            draft.tick("needed_first", key!("item-needed-first")),
        ],
        List::DataMoves => vec![
            must(draft.area("what", key!("item-data"))),
            pair(draft.line("from", key!("item-from")), draft.line("format", key!("item-format"))),
            draft.line("owner", key!("item-tool-owner")),
        ],
    };
    form.push(Control::Heading(t.get(key!("evidence-title")).into_owned()));
    form.extend(evidence(draft));
    let wanted: Vec<&str> = needs.iter().map(|need| field_of(list, *need)).collect();
    form.iter_mut().for_each(|control| mark_wanted(control, &wanted, &t.get(key!("item-wanted"))));
    form
}

/// The controls of evidence, with the passage.
pub fn evidence(draft: &Draft<'_>) -> Vec<Control> {
    let t = draft.t;
    let reference =
        draft.named("reference", key!("evidence-reference")).hint(t.get(key!("evidence-reference-hint")));
    vec![
        Control::Pair(vec![
            draft.select("source", key!("evidence-source"), |chosen| choices::<Source>(t, chosen)),
            draft.line("speaker", key!("evidence-speaker")),
        ]),
        Control::Pair(vec![Control::Line(reference, "text"), draft.date("said_on", key!("evidence-on"))]),
        draft.area("quote", key!("evidence-quote")),
    ]
}

/// Whether a field must be filled before the form is taken at all.
fn must(control: Control) -> Control {
    match control {
        Control::Line(field, kind) => Control::Line(field.required(), kind),
        Control::Area(field) => Control::Area(field.required()),
        Control::Select(field, options) => Control::Select(field.required(), options),
        other => other,
    }
}

fn mark_wanted(control: &mut Control, wanted: &[&str], remark: &str) {
    let mark = |field: &mut Field| {
        if wanted.contains(&field.name.as_str()) {
            field.need = Some(remark.to_owned());
        }
    };
    match control {
        Control::Line(field, _) | Control::Area(field) | Control::Tick(field) => mark(field),
        Control::Select(field, _) | Control::Radios(field, _) | Control::Checks(field, _) => mark(field),
        Control::Pair(parts) => parts.iter_mut().for_each(|part| mark_wanted(part, wanted, remark)),
        Control::Heading(_) | Control::Hidden(..) => {}
    }
}

/// The field that carries what an ask needs.
fn field_of(list: List, need: Need) -> &'static str {
    match need {
        Need::Evidence => "source",
        Need::Measure => "measure",
        Need::Title => "title",
        Need::Contact => "contact",
        Need::Influence => "influence",
        Need::Stance => "stance",
        Need::Goals => "goals",
        Need::Said => "said",
        Need::Due => "due_on",
        Need::InContract => "in_contract",
        Need::Strength => "strength",
        Need::Owner if list == List::Promises => "owed_by",
        Need::Owner => "owner",
        Need::From => "from",
        Need::Format => "format",
        Need::Mitigation => "mitigation",
    }
}

/// An entry as pages show it.
pub struct ItemView {
    /// Its anchor.
    pub id: String,
    /// What it says first.
    pub title: String,
    /// Whether the title is the customer's own words.
    pub quoted: bool,
    /// Short facts in a line.
    pub facts: Vec<String>,
    /// Longer ones, each with its label.
    pub texts: Vec<(String, String)>,
    /// Where it was said.
    pub evidence: Option<ui::Evidence>,
    /// Where it came from.
    pub source: String,
    /// What the ask wants and it lacks.
    pub lacks: Option<String>,
    /// A promise's state.
    pub life: Option<ui::PromiseLife>,
    /// Where it is changed; none for who may not.
    pub href: Option<String>,
}

/// Makes the view of an entry.
pub fn show(t: &Text, view: &HandoffView, item: &Item, needs: &[Need], href: Option<String>) -> ItemView {
    let mut facts: Vec<String> = Vec::new();
    let mut texts: Vec<(String, String)> = Vec::new();
    let mut long = |label: crate::i18n::Key, text: &Option<throughline_domain::Personal>| {
        texts.extend(text.iter().map(|text| (t.get(label).into_owned(), text.to_string())));
    };
    let (mut quoted, mut life) = (false, None);
    let title = match &item.body {
        Body::Promise(promise) => {
            facts.push(word(t, promise.kind));
            facts.extend(promise.strength.map(|strength| word(t, strength)));
            facts.extend(promise.owed_by.map(|side| word(t, side)));
            facts.extend(promise.in_contract.map(|held| {
                t.get(if held { key!("item-is-in-contract") } else { key!("item-not-in-contract") })
                    .into_owned()
            }));
            facts.extend(
                promise.due_on.map(|due| t.with(key!("item-due-on"), ("date", t.date(due))).into_owned()),
            );
            facts.extend(
                promise
                    .amount
                    .map(|amount| t.with(key!("item-worth"), ("amount", t.money(amount))).into_owned()),
            );
            life = Some(words::promise_life(promise.life.state()));
            promise.what.to_string()
        }
        Body::Criterion(criterion) => {
            quoted = true;
            facts.extend(
                criterion.by_on.map(|by| t.with(key!("item-expected"), ("date", t.date(by))).into_owned()),
            );
            long(key!("item-measured"), &criterion.measure);
            criterion.words.to_string()
        }
        Body::Stakeholder(person) => {
            facts.extend(person.parts.iter().map(|part| word(t, *part)));
            facts.extend(person.title.as_ref().map(ToString::to_string));
            facts.extend(person.contact.as_ref().map(ToString::to_string));
            facts.extend(
                person.influence.map(|held| format!("{}: {}", t.get(key!("item-influence")), word(t, held))),
            );
            facts.extend(person.stance.map(|held| word(t, held)));
            let marks = [
                (person.signed, key!("item-signed")),
                (person.drove, key!("item-drove")),
                (person.needs_early_win, key!("item-early-win")),
                (person.may_block, key!("item-may-block")),
            ];
            facts.extend(marks.into_iter().filter(|(held, _)| *held).map(|(_, key)| t.get(key).into_owned()));
            long(key!("item-wants"), &person.goals);
            long(key!("item-says"), &person.said);
            person.name.to_string()
        }
        Body::Risk(risk) => {
            facts.push(word(t, risk.kind));
            facts.extend(
                risk.severity.map(|held| format!("{}: {}", t.get(key!("item-severity")), word(t, held))),
            );
            facts.extend(risk.owner.as_ref().map(|owner| format!("{}: {owner}", t.get(key!("item-owner")))));
            long(key!("item-softened"), &risk.mitigation);
            risk.what.to_string()
        }
        Body::Integration(tool) => {
            facts.extend(tool.needed_first.then(|| t.get(key!("item-needed-first")).into_owned()));
            facts.extend(
                tool.owner.as_ref().map(|owner| format!("{}: {owner}", t.get(key!("item-tool-owner")))),
            );
            long(key!("item-flows"), &tool.what);
            tool.tool.clone()
        }
        Body::DataMove(data) => {
            facts.extend(data.from.as_ref().map(|from| format!("{}: {from}", t.get(key!("item-from")))));
            facts.extend(
                data.format.as_ref().map(|format| format!("{}: {format}", t.get(key!("item-format")))),
            );
            facts.extend(
                data.owner.as_ref().map(|owner| format!("{}: {owner}", t.get(key!("item-tool-owner")))),
            );
            data.what.to_string()
        }
    };
    let lacks: Vec<String> = item.lacks(needs).into_iter().map(|need| word(t, need)).collect();
    ItemView {
        id: item.id.to_string(),
        evidence: answers::evidence(t, &item.evidence, None),
        title,
        quoted,
        facts,
        texts,
        source: answers::came_from(t, view, &item.provenance),
        lacks: (!lacks.is_empty())
            .then(|| t.with(key!("record-lacks"), ("needs", t.list(&lacks))).into_owned()),
        life,
        href,
    }
}
