//! The record's questions: each can be answered, is answered by somebody who may, and is of use to somebody.

use super::{Faults, SENTENCES, TITLE};
use crate::{
    access::Action,
    people::Role,
    playbook::{Ask, AskKind, Playbook, Section, asks::CrmField, load::place::Path, rule::Scope},
    record::StakeholderRole,
};

/// Most items an ask can want.
const MOST_ITEMS: u8 = 20;

pub(super) fn check(playbook: &Playbook, faults: &mut Faults) {
    let sections = Path::root("sections");
    let at = |index: usize| sections.nth(index);
    faults.unique(
        "sections",
        playbook.sections.iter().enumerate().map(|(i, one)| (at(i).key("id"), one.id.value.as_str())),
    );
    faults.unique(
        "asks",
        playbook.sections.iter().enumerate().flat_map(|(i, section)| {
            let asks = at(i).key("asks");
            section
                .asks
                .iter()
                .enumerate()
                .map(move |(j, ask)| (asks.nth(j).key("id"), ask.id.value.as_str()))
        }),
    );
    for (index, section) in playbook.sections.iter().enumerate() {
        heading(&at(index), section, faults);
        for (nth, ask) in section.asks.iter().enumerate() {
            let path = at(index).key("asks").nth(nth);
            question(&path, ask, faults);
            shape(&path, ask, faults);
            people(&path, ask, playbook, faults);
            required(&path, ask, faults);
        }
    }
    tight(playbook, faults);
}

fn heading(path: &Path, section: &Section, faults: &mut Faults) {
    faults.text(&path.key("title"), &section.title, TITLE);
    if let Some(about) = &section.about {
        faults.text(&path.key("about"), about, SENTENCES);
    }
    if section.asks.is_empty() {
        faults.add_hint(&path.key("asks"), "this section asks nothing", "take it out");
    }
}

fn question(path: &Path, ask: &Ask, faults: &mut Faults) {
    faults.text(&path.key("ask"), &ask.ask, TITLE);
    if let Some(help) = &ask.help {
        faults.text(&path.key("help"), help, SENTENCES);
    }
}

/// Only what its kind can carry.
fn shape(path: &Path, ask: &Ask, faults: &mut Faults) {
    let kind = ask.kind;
    let mut only = |stands: bool, key: &'static str, fits: bool, fitting: &str| {
        if stands && !fits {
            faults.add_hint(
                &path.key(key),
                format!("`{key}` is only for {fitting}"),
                "take it out or change `type`",
            );
        }
    };
    only(!ask.options.is_empty(), "options", kind == AskKind::Choice, "asks of type choice");
    only(ask.many, "many", kind == AskKind::Choice, "asks of type choice");
    only(ask.role.is_some(), "role", kind == AskKind::Stakeholders, "asks of type stakeholders");
    only(!ask.kinds.is_empty(), "kinds", kind == AskKind::Promises, "asks of type promises");
    only(ask.min != 1, "min", kind.is_list(), "lists");
    only(ask.allow_none, "allow_none", kind.is_list(), "lists");
    if kind == AskKind::Choice {
        if ask.options.len() < 2 {
            faults.add(&path.key("options"), "a choice needs at least two options");
        }
        faults.choices(&path.key("options"), "options", &ask.options);
    }
    if kind.is_list() && !(1..=MOST_ITEMS).contains(&ask.min) {
        faults.add_hint(
            &path.key("min"),
            format!("a list can want 1 to {MOST_ITEMS} items"),
            "an optional ask is one without `required`",
        );
    }
    for (index, need) in ask.needs.iter().enumerate() {
        let here = path.key("needs").nth(index);
        if ask.needs[..index].contains(need) {
            faults.add(&here, format!("`{}` stands here twice", need.name()));
        } else if !need.fits(kind) {
            faults.add(
                &here,
                format!(
                    "an answer to this ask cannot carry `{}`, so it would never be complete",
                    need.name()
                ),
            );
        }
    }
    for (index, one) in ask.kinds.iter().enumerate() {
        if ask.kinds[..index].contains(one) {
            faults.add(&path.key("kinds").nth(index), format!("`{}` stands here twice", one.name()));
        }
    }
    if let Some(field) = ask.from_crm {
        let wanted = answers(field);
        if wanted != kind {
            faults.add(
                &path.key("from_crm"),
                format!("this CRM field gives {}, which does not answer the ask", words(wanted)),
            );
        }
    }
}

/// Who fills, who uses, who reviews.
fn people(path: &Path, ask: &Ask, playbook: &Playbook, faults: &mut Faults) {
    let owed = ask.required || ask.required_when.is_some();
    faults.may(&path.key("filled_by"), ask.filled_by, Action::Fill, "fill the record");
    if owed && matches!(ask.filled_by, Role::Csm | Role::Implementation) {
        faults.add_hint(
            &path.key("filled_by"),
            "the record must be complete before a CSM accepts, so nobody would be there to answer this",
            "let sales fill it, or do not require it",
        );
    }
    if ask.used_by.is_empty() {
        faults.add_hint(
            &path.key("used_by"),
            "nobody uses the answer",
            "ask only for what somebody works with; name them, or take the ask out",
        );
    } else if owed && ask.used_by.iter().all(|role| role.sells()) {
        faults.add_hint(
            &path.key("used_by"),
            "only sales would use the answer",
            "a handoff requires what the receiving side works with",
        );
    }
    faults.once(&path.key("used_by"), &ask.used_by);
    if let Some(category) = &ask.category {
        let all = playbook.scorecard.categories.iter().map(|one| one.id.value.as_str());
        faults.known(&path.key("category"), "scorecard category", category.as_str(), all);
    }
}

/// What is required can be given for every deal (R2.12).
fn required(path: &Path, ask: &Ask, faults: &mut Faults) {
    if let Some(rule) = &ask.required_when {
        let here = path.key("required_when");
        faults.rule(&here, &rule.value, Scope::Deal);
        if ask.required {
            faults.add_hint(
                &here,
                "the ask is always required already",
                "keep either `required` or `required_when`",
            );
        } else if !rule.value.mentions("deal") && !rule.value.mentions("variant") {
            faults.add_hint(
                &here,
                "this rule does not look at the deal",
                "write required: true, or take it out",
            );
        }
    }
    let may_be_empty = match ask.kind {
        AskKind::Promises | AskKind::Risks | AskKind::Integrations | AskKind::DataMoves => true,
        AskKind::Stakeholders => ask.role == Some(StakeholderRole::Skeptic),
        _ => false,
    };
    if (ask.required || ask.required_when.is_some()) && may_be_empty && !ask.allow_none {
        faults.add_hint(
            &path.key("allow_none"),
            "a deal without any could never be complete",
            "add allow_none: true",
        );
    }
}

/// Tight, and not empty (R1.10).
fn tight(playbook: &Playbook, faults: &mut Faults) {
    let always: Vec<&Ask> = playbook.asks().filter(|ask| ask.required).collect();
    let most = usize::from(playbook.required_at_most);
    if always.len() > most && most > 0 {
        let over: Vec<&str> = always[most..].iter().map(|ask| ask.id.value.as_str()).collect();
        faults.add_hint(
            &Path::root("required_at_most"),
            format!("{} asks are always required, {most} at most are allowed", always.len()),
            format!("make some depend on the deal with required_when, such as {}", over.join(", ")),
        );
    }
    if playbook.asks().all(|ask| !ask.required && ask.required_when.is_none()) {
        faults.add(
            &Path::root("sections"),
            "no ask is ever required, so every record is complete from the start",
        );
    }
}

/// What a CRM field gives.
fn answers(field: CrmField) -> AskKind {
    match field {
        CrmField::Plan | CrmField::Competitor | CrmField::Segment | CrmField::DealType => AskKind::Text,
        CrmField::Amount | CrmField::Arr => AskKind::Money,
        CrmField::TermMonths | CrmField::DiscountPercent => AskKind::Number,
        CrmField::RenewsOn => AskKind::Date,
    }
}

fn words(kind: AskKind) -> &'static str {
    match kind {
        AskKind::Money => "money",
        AskKind::Number => "a number",
        AskKind::Date => "a date",
        _ => "text",
    }
}
