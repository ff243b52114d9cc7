//! Answers to single asks: as a form holds them, as they are read, and as they are shown.

use throughline_app::AppError;
use throughline_domain::{
    playbook::{Ask, AskKind},
    record::{Answer, Evidence, Provenance},
};

use super::frame::person;
use crate::{
    form::Posted,
    i18n::Text,
    key,
    pages::words,
    ui::{self, Choice, Control, Draft, Person},
};
use throughline_app::read::HandoffView;

/// The fields that hold an answer.
pub fn typed(answer: &Answer) -> Posted {
    let mut fields: Vec<(String, String)> = Vec::new();
    let mut put = |name: &str, value: String| fields.push((name.to_owned(), value));
    match answer {
        Answer::Text { text } => put("text", text.to_string()),
        Answer::Words { said, evidence } => {
            put("said", said.to_string());
            put_evidence(&mut put, evidence);
        }
        Answer::Choice { chosen } => chosen.iter().for_each(|one| put("chosen", one.to_string())),
        Answer::Date { on } => put("on", on.to_string()),
        Answer::Money { amount } => {
            put("amount", plain_amount(*amount));
            put("amount_currency", amount.currency.to_string());
        }
        Answer::Number { number } => put("number", number.to_string()),
        Answer::YesNo { yes } => put("yes", if *yes { "yes" } else { "no" }.to_owned()),
        Answer::Person { name, contact } => {
            put("name", name.to_string());
            contact.iter().for_each(|contact| put("contact", contact.to_string()));
        }
    }
    Posted::filled(fields)
}

/// An amount as one types it: without the currency behind it.
pub fn plain_amount(amount: throughline_domain::Money) -> String {
    amount.to_string().split(' ').next().unwrap_or_default().to_owned()
}

/// Puts evidence into form fields.
pub fn put_evidence(put: &mut impl FnMut(&str, String), evidence: &Evidence) {
    evidence.source.iter().for_each(|source| put("source", words::data_name(source)));
    evidence.reference.iter().for_each(|text| put("reference", text.to_string()));
    evidence.speaker.iter().for_each(|text| put("speaker", text.to_string()));
    evidence.on.iter().for_each(|on| put("said_on", on.to_string()));
    evidence.quote.iter().for_each(|text| put("quote", text.to_string()));
}

/// The answer a form holds; none when it is blank.
pub fn read(ask: &Ask, posted: &Posted) -> Result<Option<Answer>, AppError> {
    Ok(match ask.kind {
        AskKind::Text => posted.opt_text("text")?.map(|text| Answer::Text { text }),
        AskKind::Words => match posted.opt_text("said")? {
            Some(said) => Some(Answer::Words { said, evidence: posted.evidence()? }),
            None => None,
        },
        AskKind::Choice => {
            let chosen: Vec<_> = posted.keys("chosen")?.into_iter().collect();
            (!chosen.is_empty()).then_some(Answer::Choice { chosen })
        }
        AskKind::Date => posted.opt_date("on")?.map(|on| Answer::Date { on }),
        AskKind::Money => posted.opt_money("amount")?.map(|amount| Answer::Money { amount }),
        AskKind::Number => {
            let number = |text: &str| {
                let plain = text.replace([' ', ','], "");
                plain.trim_end_matches('%').parse::<f64>().ok().filter(|number| number.is_finite())
            };
            match posted.get("number") {
                Some(text) => {
                    let number = number(text)
                        .ok_or_else(|| AppError::invalid("number", "is a number such as 12.5"))?;
                    Some(Answer::Number { number })
                }
                None => None,
            }
        }
        AskKind::YesNo => posted.opt_yes("yes")?.map(|yes| Answer::YesNo { yes }),
        AskKind::Person => match posted.opt_text("name")? {
            Some(name) => Some(Answer::Person { name, contact: posted.opt_text("contact")? }),
            None => None,
        },
        AskKind::Promises
        | AskKind::Criteria
        | AskKind::Stakeholders
        | AskKind::Risks
        | AskKind::Integrations
        | AskKind::DataMoves => return Err(AppError::invalid("ask", "is a list: add an entry instead")),
    })
}

/// The first control of an ask's form, which bears the question, and what folds away below it.
pub fn controls(
    draft: &Draft<'_>,
    ask: &Ask,
    need: Option<String>,
    crm: Option<String>,
    currency: &str,
) -> (Vec<Control>, Vec<Control>) {
    let t = draft.t;
    let main = |name: &str| {
        let field = draft.field(name, ask.ask.clone());
        let field = match &ask.help {
            Some(help) => field.hint(help.trim()),
            None => field,
        };
        let field = match &need {
            Some(need) => field.need(need.clone()),
            None => field,
        };
        match &crm {
            Some(system) => field.filled_from(system.clone()),
            None => field,
        }
    };
    let mut folded = Vec::new();
    let shown = match ask.kind {
        AskKind::Words => {
            folded = vec![
                Control::Pair(vec![
                    draft.select("source", key!("evidence-source"), |chosen| words::sources(t, chosen)),
                    draft.line("reference", key!("evidence-reference")),
                ]),
                Control::Pair(vec![
                    draft.line("speaker", key!("evidence-speaker")),
                    draft.date("said_on", key!("evidence-on")),
                ]),
            ];
            vec![Control::Area(main("said"))]
        }
        AskKind::Choice => {
            let chosen: Vec<&str> = draft.values.all("chosen").collect();
            let options = ask
                .options
                .iter()
                .map(|option| {
                    Choice::new(option.id.to_string(), option.label.clone())
                        .chosen(chosen.contains(&option.id.as_str()))
                })
                .collect();
            vec![if ask.many {
                Control::Checks(main("chosen"), options)
            } else {
                Control::Radios(main("chosen"), options)
            }]
        }
        AskKind::Date => vec![Control::Line(main("on"), "date")],
        AskKind::Money => {
            let held = draft.named("amount_currency", key!("answer-currency"));
            let held = if held.value.is_empty() { held.value(currency) } else { held };
            vec![Control::Pair(vec![Control::Line(main("amount"), "text"), Control::Line(held, "text")])]
        }
        AskKind::Number => vec![Control::Line(main("number"), "text")],
        AskKind::YesNo => vec![Control::Radios(main("yes"), words::yes_no(t, draft.values.typed("yes")))],
        AskKind::Person => vec![Control::Pair(vec![
            Control::Line(main("name"), "text"),
            draft.line("contact", key!("answer-contact")),
        ])],
        _ => vec![Control::Area(main("text"))],
    };
    (shown, folded)
}

/// An answer in one text.
pub fn text(t: &Text, ask: &Ask, answer: &Answer) -> String {
    match answer {
        Answer::Text { text } => text.to_string(),
        Answer::Words { said, .. } => said.to_string(),
        Answer::Choice { chosen } => {
            let label = |one: &throughline_domain::Key| {
                ask.options
                    .iter()
                    .find(|option| option.id == *one)
                    .map_or_else(|| one.to_string(), |option| option.label.clone())
            };
            t.list(&chosen.iter().map(label).collect::<Vec<_>>())
        }
        Answer::Date { on } => t.date(*on),
        Answer::Money { amount } => t.money(*amount),
        Answer::Number { number } => number.to_string(),
        Answer::YesNo { yes } => t.get(if *yes { key!("word-yes") } else { key!("word-no") }).into_owned(),
        Answer::Person { name, contact } => match contact {
            Some(contact) => format!("{name}, {contact}"),
            None => name.to_string(),
        },
    }
}

/// Evidence as pages show it; none where there is nothing to show. Without a passage, `instead` is quoted; without
/// either, the quote is empty and only the source is shown.
pub fn evidence(t: &Text, evidence: &Evidence, instead: Option<&str>) -> Option<ui::Evidence> {
    let quote = evidence.quote.as_ref().map(ToString::to_string).or_else(|| instead.map(str::to_owned));
    if quote.is_none() && *evidence == Evidence::default() {
        return None;
    }
    let quote = quote.unwrap_or_default();
    let nobody = || t.get(key!("evidence-somebody")).into_owned();
    let source = evidence.source.map(|source| words::word(t, source));
    let source: Vec<String> =
        source.into_iter().chain(evidence.reference.as_ref().map(ToString::to_string)).collect();
    Some(ui::Evidence {
        quote,
        speaker: Person::named(evidence.speaker.as_ref().map_or_else(nobody, ToString::to_string)),
        when: evidence.on.map(|on| t.date(on)).unwrap_or_default(),
        source: source.join(": "),
        href: None,
    })
}

/// Where a value came from, in a few words.
pub fn came_from(t: &Text, view: &HandoffView, provenance: &Provenance) -> String {
    match provenance {
        Provenance::Crm { field } => t.with(key!("answer-from-crm"), ("field", field.as_str())).into(),
        Provenance::Hand { by } => match by.person() {
            Some(id) => t.with(key!("answer-by"), ("name", person(view, id).name)).into(),
            None => t.get(key!("answer-by-program")).into_owned(),
        },
        Provenance::CarriedOver => t.get(key!("answer-carried-over")).into_owned(),
    }
}
