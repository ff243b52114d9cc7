//! Turns what the first pass counted into notes.

use std::collections::BTreeMap;

use crate::{
    duplicates::Winners,
    limits::{EXAMPLES, shown},
    note::Note,
    row::Plan,
    survey::{StageSeen, Survey},
    text::sheet::Sheet,
};

/// What stands in the file besides its rows.
pub(crate) fn structure_notes(sheet: &Sheet<'_>, survey: &Survey) -> Vec<Note> {
    let mut notes = Vec::new();
    if sheet.guessed {
        notes.push(Note::EncodingGuessed { encoding: sheet.encoding });
    }
    if sheet.declares_delimiter() {
        notes.push(Note::SeparatorLine);
    }
    if sheet.mended {
        notes.push(Note::Mended);
    }
    if !sheet.preamble().is_empty() {
        let rows = sheet.preamble().iter().take(EXAMPLES).map(|row| shown(row)).collect();
        notes.push(Note::PreambleSkipped { rows, count: sheet.preamble().len() as u64 });
    }
    if survey.footer.times > 0 {
        notes.push(Note::FooterSkipped {
            line: survey.footer.first_line,
            rows: survey.footer_rows.clone(),
            count: survey.footer.times,
        });
    }
    if survey.totals.times > 0 {
        notes.push(Note::TotalsSkipped { count: survey.totals.times, line: survey.totals.first_line });
    }
    if survey.headers > 0 {
        notes.push(Note::HeaderRepeated { count: survey.headers });
    }
    if survey.blanks > 0 {
        notes.push(Note::BlankRows { count: survey.blanks });
    }
    if survey.rows == 0 {
        notes.push(Note::NoRows);
    }
    let nameless = sheet.columns.iter().filter(|column| !column.named).count();
    if nameless > 0 {
        notes.push(Note::NamelessColumns { count: nameless });
    }
    let mut names = BTreeMap::<&str, usize>::new();
    for column in sheet.columns.iter().filter(|column| column.named) {
        *names.entry(column.written.trim()).or_default() += 1;
    }
    let twice = names.into_iter().filter(|(_, count)| *count > 1);
    notes.extend(twice.map(|(name, count)| Note::DuplicateHeader { name: shown(name), count }));
    if survey.short.times > 0 {
        notes.push(Note::ShortRows { count: survey.short.times, line: survey.short.first_line });
    }
    notes
}

/// What was assumed about the rows.
pub(crate) fn meaning_notes(plan: &Plan, survey: &Survey, winners: &Winners, dropped: usize) -> Vec<Note> {
    let mut notes = Vec::new();
    if survey.amount_without_currency {
        notes.push(Note::NoCurrency);
    }
    let named = |wanted: fn(&StageSeen) -> bool| -> Vec<String> {
        survey.stages.iter().filter(|stage| wanted(stage)).map(|stage| stage.name.clone()).collect()
    };
    let (won, lost) = (named(|stage| stage.inferred_won), named(|stage| stage.inferred_lost));
    if !won.is_empty() || !lost.is_empty() {
        notes.push(Note::OutcomeInferred { won, lost });
    }
    let unclear = named(|stage| stage.unclear);
    if !unclear.is_empty() {
        notes.push(Note::OutcomeUnclear { stages: unclear });
    }
    if survey.contradicted.times > 0 {
        notes.push(Note::OutcomeContradicted {
            count: survey.contradicted.times,
            line: survey.contradicted.first_line,
        });
    }
    if survey.completed_ids > 0 {
        notes.push(Note::IdsCompleted { count: survey.completed_ids });
    }
    if plan.mapping.by_reference {
        notes.push(Note::ReferencesAsIds);
    }
    if survey.repeats > 0 {
        notes.push(Note::DuplicateIds {
            ids: survey.repeated.len() as u64,
            skipped: survey.repeats,
            examples: survey.repeated_examples.clone(),
            by_date: winners.by_date,
        });
    }
    if dropped > 0 {
        notes.push(Note::ExtrasDropped { count: dropped });
    }
    if survey.shortened_extras > 0 {
        notes.push(Note::ExtrasShortened { count: survey.shortened_extras });
    }
    notes
}
