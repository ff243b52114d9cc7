//! What the form of an entry asks, and which of it an ask of the playbook wants filled.

use throughline_domain::{
    playbook::{Ask, asks::Need},
    record::{Influence, List, PromiseKind, RiskKind, Side, StakeholderRole, Stance, Strength},
};

use crate::{
    key,
    pages::words::{self, choices},
    ui::{Control, Draft, Field},
};

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
            draft.line("contact", key!("item-contact")),
            pair(
                draft.select("influence", key!("item-influence"), |chosen| choices::<Influence>(t, chosen)),
                draft.select("stance", key!("item-stance"), |chosen| choices::<Stance>(t, chosen)),
            ),
            draft.checks("parts", key!("item-parts"), |chosen| choices::<StakeholderRole>(t, chosen)),
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

/// The field that says what an entry is.
pub fn main_field(list: List) -> &'static str {
    match list {
        List::Criteria => "words",
        List::Stakeholders => "name",
        List::Integrations => "tool",
        List::Promises | List::Risks | List::DataMoves => "what",
    }
}

/// A form in which an entry is added on the record itself.
pub struct Quick {
    /// What an entry cannot do without, and what goes with it unasked.
    pub line: Vec<Control>,
    /// What the ask wants of it besides; empty where its page is the place for that.
    pub rest: Vec<Control>,
}

/// The form of an entry in short. `whole`: with all that the ask wants of it. None where a line does not hold it.
pub fn quick(draft: &Draft<'_>, ask: &Ask, list: List, whole: bool) -> Option<Quick> {
    let t = draft.t;
    let role = ask.role.map(words::data_name);
    let kind = (ask.kinds.len() == 1).then(|| words::data_name(ask.kinds[0]));
    let label = match list {
        List::Promises => key!("item-what-promised"),
        List::Criteria => key!("item-words"),
        List::Stakeholders => key!("item-name"),
        List::Risks => key!("item-risk"),
        List::Integrations => key!("item-tool"),
        List::DataMoves => key!("item-data"),
    };
    // What the customer said is as long as it is.
    let mut line = vec![match list {
        List::Criteria if whole => draft.area(main_field(list), label),
        _ => draft.line(main_field(list), label),
    }];
    if list == List::Stakeholders {
        line.push(Control::Hidden("parts".to_owned(), role?));
    }
    match (list, kind) {
        (List::Promises | List::Risks, Some(kind)) => line.push(Control::Hidden("kind".to_owned(), kind)),
        (List::Promises, None) => {
            line.push(draft.select("kind", key!("item-kind"), |chosen| choices::<PromiseKind>(t, chosen)));
        }
        (List::Risks, None) => {
            line.push(draft.select("kind", key!("item-kind"), |chosen| choices::<RiskKind>(t, chosen)));
        }
        _ => {}
    }
    Some(Quick {
        line: line.into_iter().map(must).collect(),
        rest: if whole { wanted(draft, &ask.needs) } else { Vec::new() },
    })
}

/// What a criterion or a person is asked for besides, each in one line, where it was said last.
fn wanted(draft: &Draft<'_>, needs: &[Need]) -> Vec<Control> {
    let t = draft.t;
    let mut rest: Vec<Control> = needs
        .iter()
        .filter_map(|need| match need {
            Need::Measure => Some(draft.line("measure", key!("item-measure"))),
            Need::Title => Some(draft.line("title", key!("item-title"))),
            Need::Contact => Some(draft.line("contact", key!("item-contact"))),
            Need::Said => Some(draft.line("said", key!("item-said"))),
            Need::Goals => Some(draft.line("goals", key!("item-goals"))),
            Need::Influence => Some(
                draft.select("influence", key!("item-influence"), |chosen| choices::<Influence>(t, chosen)),
            ),
            Need::Stance => {
                Some(draft.select("stance", key!("item-stance"), |chosen| choices::<Stance>(t, chosen)))
            }
            // Promises, risks and the rest are written line after line; their pages ask for these.
            Need::Evidence
            | Need::Due
            | Need::InContract
            | Need::Strength
            | Need::Owner
            | Need::From
            | Need::Format
            | Need::Mitigation => None,
        })
        .collect();
    if needs.contains(&Need::Evidence) {
        rest.extend([
            draft.select("source", key!("evidence-source"), |chosen| words::sources(t, chosen)),
            draft.line("speaker", key!("evidence-speaker")),
            draft.line("reference", key!("evidence-reference")),
        ]);
    }
    rest
}

/// The controls of evidence, with the passage.
pub fn evidence(draft: &Draft<'_>) -> Vec<Control> {
    let t = draft.t;
    let reference =
        draft.named("reference", key!("evidence-reference")).hint(t.get(key!("evidence-reference-hint")));
    vec![
        Control::Pair(vec![
            draft.select("source", key!("evidence-source"), |chosen| words::sources(t, chosen)),
            draft.line("speaker", key!("evidence-speaker")),
        ]),
        Control::Pair(vec![Control::Line(reference, "text"), draft.date("said_on", key!("evidence-on"))]),
        draft.area("quote", key!("evidence-quote")),
    ]
}

/// Puts the focus on one field when the page opens.
pub fn open_at(form: &mut [Control], name: &str) {
    for control in form {
        match control {
            Control::Line(field, _)
            | Control::Area(field)
            | Control::Tick(field)
            | Control::Select(field, _)
            | Control::Radios(field, _)
            | Control::Checks(field, _) => field.autofocus |= field.name == name,
            Control::Pair(parts) => open_at(parts, name),
            Control::Heading(_) | Control::Hidden(..) => {}
        }
    }
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
pub fn field_of(list: List, need: Need) -> &'static str {
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
