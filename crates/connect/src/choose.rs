//! The choices that a file's cells leave open, made once for each column from everything the file proves, and said.

use crate::{
    cell::{date::DayOrder, number::DecimalMark},
    field::Field,
    note::{Because, Note},
    row::Plan,
    survey::{DatesSeen, Survey},
    text::{sheet::Format, sniff::Delimiter},
};

/// What a person decided beforehand.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Wishes {
    pub order: Option<DayOrder>,
    pub mark: Option<DecimalMark>,
}

/// Decides orders, marks and the scale of probabilities, writes them into the plan and says what was decided.
pub(crate) fn choose(plan: &mut Plan, survey: &Survey, format: Format, wishes: Wishes) -> Vec<Note> {
    let mut notes = Vec::new();
    let comma_manner = comma_manner(survey, format);
    numbers(plan, survey, comma_manner, wishes.mark, &mut notes);
    dates(plan, survey, comma_manner, wishes.order, &mut notes);
    probability(plan, survey, &mut notes);
    notes
}

/// Whether the file is written as where the comma marks decimals: there semicolons part cells and days come first.
fn comma_manner(survey: &Survey, format: Format) -> bool {
    let semicolons = matches!(format, Format::Csv { delimiter: Delimiter::Semicolon, .. });
    let comma = survey.numbers.iter().any(|seen| seen.comma > 0);
    let point = survey.numbers.iter().any(|seen| seen.point > 0);
    let dotted = survey.dates.iter().any(|seen| seen.dotted);
    !point && (comma || semicolons || dotted)
}

fn numbers(plan: &mut Plan, survey: &Survey, comma: bool, wish: Option<DecimalMark>, notes: &mut Vec<Note>) {
    let money: Vec<usize> = [Field::Amount, Field::Arr, Field::Probability]
        .into_iter()
        .flat_map(|field| plan.mapping.columns(field).to_vec())
        .collect();
    let telling = money.iter().find_map(|at| Some((*at, survey.numbers[*at].proves()?)));
    for at in money {
        let seen = &survey.numbers[at];
        let column = plan.columns[at].name.clone();
        let probability = plan.mapping.field_of(at) == Some(Field::Probability);
        let (mark, because) = match (seen.proves(), wish, telling) {
            _ if probability => (Some(wish.unwrap_or(DecimalMark::Point)), None),
            (Some(proved), _, _) => (Some(proved), None),
            (None, Some(wish), _) => (Some(wish), Some(Because::Option)),
            (None, None, _) if seen.is_mixed() => (None, None),
            (None, None, Some((other, mark))) => {
                (Some(mark), Some(Because::OtherColumn { column: plan.columns[other].name.clone() }))
            }
            (None, None, None) if comma => (Some(DecimalMark::Comma), Some(Because::Manner)),
            (None, None, None) => (Some(DecimalMark::Point), Some(Because::Habit)),
        };
        plan.marks[at] = mark;
        if probability {
            continue;
        }
        if seen.rounded > 0 {
            notes.push(Note::RoundedAmounts { column: column.clone(), count: seen.rounded });
        }
        if seen.ambiguous == 0 {
            continue;
        }
        match (mark, because) {
            (Some(mark), Some(because)) => notes.push(Note::AmbiguousNumbers {
                column,
                count: seen.ambiguous,
                example: seen.example.clone(),
                mark,
                because,
            }),
            (None, _) => notes.push(Note::MixedNumbers { column, count: seen.ambiguous }),
            (Some(_), None) => {}
        }
    }
}

fn dates(plan: &mut Plan, survey: &Survey, comma: bool, wish: Option<DayOrder>, notes: &mut Vec<Note>) {
    let columns: Vec<usize> = plan
        .mapping
        .iter()
        .filter(|(field, _)| field.is_date())
        .flat_map(|(_, places)| places.to_vec())
        .collect();
    let halves = survey.dates.iter().any(|seen| seen.halves);
    for at in &columns {
        let seen = &survey.dates[*at];
        let column = plan.columns[*at].name.clone();
        let (order, because) = match (seen.proves(), wish) {
            (Some(proved), _) => (Some(proved), None),
            (None, Some(wish)) => (Some(wish), Some(Because::Option)),
            (None, None) if seen.is_mixed() => (None, None),
            (None, None) => {
                let (order, because) = from_elsewhere(plan, &survey.dates, *at, halves, comma);
                (Some(order), Some(because))
            }
        };
        plan.orders[*at] = order;
        if seen.ambiguous == 0 {
            continue;
        }
        match (order, because) {
            (Some(order), Some(because)) => notes.push(Note::AmbiguousDates {
                column,
                count: seen.ambiguous,
                example: seen.example.clone(),
                order,
                because,
            }),
            (None, _) => notes.push(Note::MixedDates { column, count: seen.ambiguous }),
            (Some(_), None) => {}
        }
    }
    let zoneless: Vec<String> = columns
        .iter()
        .filter(|at| survey.dates[**at].zoneless && !is_day(plan, **at))
        .map(|at| plan.columns[*at].name.clone())
        .collect();
    if !zoneless.is_empty() {
        let zone = plan.zone.iana_name().unwrap_or("the organisation's zone").to_owned();
        notes.push(Note::TimesWithoutZone { columns: zoneless, zone });
    }
}

/// Of a date that is only a day the time is not used, so its zone does not matter.
fn is_day(plan: &Plan, at: usize) -> bool {
    matches!(plan.mapping.field_of(at), Some(Field::ExpectedClose | Field::RenewalDate))
}

fn from_elsewhere(
    plan: &Plan,
    seen: &[DatesSeen],
    at: usize,
    halves: bool,
    comma: bool,
) -> (DayOrder, Because) {
    let mut others = seen.iter().enumerate().filter(|(other, _)| *other != at);
    let proofs: Vec<(usize, DayOrder)> =
        others.by_ref().filter_map(|(other, seen)| Some((other, seen.proves()?))).collect();
    if let Some((other, order)) = proofs.first()
        && proofs.iter().all(|(_, another)| another == order)
    {
        return (*order, Because::OtherColumn { column: plan.columns[*other].name.clone() });
    }
    match (halves, comma) {
        (true, _) => (DayOrder::MonthFirst, Because::HalvesOfDay),
        (false, true) => (DayOrder::DayFirst, Because::Manner),
        (false, false) => (DayOrder::MonthFirst, Because::Habit),
    }
}

/// Whether probabilities count to one: some do, and none exceeds it. Where all are 0 or 1 the system tells: one
/// counts in whole percent.
fn probability(plan: &mut Plan, survey: &Survey, notes: &mut Vec<Note>) {
    let whole = plan.system.vocabulary().whole_percents;
    plan.of_one = survey.percents > 0 && !survey.percent_above_one && (survey.percent_fractions || !whole);
    if plan.of_one
        && let Some(at) = plan.mapping.column(Field::Probability)
    {
        notes.push(Note::ProbabilityOfOne { column: plan.columns[at].name.clone() });
    }
}
