//! Entries of the record's lists: as a form holds them and as they are read from it. What a form asks and how an entry
//! is shown stand beside it.

mod controls;
mod shown;

use throughline_app::AppError;
use throughline_domain::record::{
    Body, Criterion, DataMove, Integration, Item, List, Promise, PromiseLife, Risk, Stakeholder,
    StakeholderRole,
};

pub use self::{
    controls::{Quick, controls, evidence, field_of, main_field, open_at, quick},
    shown::{ItemView, show},
};
use super::answers;
use crate::{form::Posted, pages::words::data_name};

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
