//! The vocabulary of playbooks in words: spans, moments, clocks, demands, kinds of asks.

use throughline_domain::{
    Role,
    calendar::{Span, Unit},
    playbook::{
        AskKind, CompleteBefore, CsmChoice, Demand, Due, MarkEffect, MarkedWhen, Moment, Playbook, Told,
        TransferOn, Way, asks::CrmField,
    },
};

use crate::{
    chrome::role_key,
    i18n::{Key, Text},
    key,
};

/// A span: "10 business days".
pub fn span(t: &Text, span: Span) -> String {
    let key = match span.unit() {
        Unit::Hours => key!("playbook-hours"),
        Unit::Days => key!("playbook-days"),
        Unit::BusinessHours => key!("playbook-business-hours"),
        Unit::BusinessDays => key!("playbook-business-days"),
    };
    t.with(key, ("n", span.n())).into_owned()
}

fn moment_key(moment: Moment) -> Key {
    match moment {
        Moment::Opened => key!("playbook-moment-opened"),
        Moment::Signature => key!("playbook-moment-signature"),
        Moment::Closed => key!("playbook-moment-closed"),
        Moment::Nominated => key!("playbook-moment-nominated"),
        Moment::Offered => key!("playbook-moment-offered"),
        Moment::Returned => key!("playbook-moment-returned"),
        Moment::RecordComplete => key!("playbook-moment-record"),
        Moment::Assigned => key!("playbook-moment-assigned"),
        Moment::Owned => key!("playbook-moment-owned"),
        Moment::InternalCall => key!("playbook-moment-call"),
        Moment::WarmIntro => key!("playbook-moment-intro"),
        Moment::FirstContact => key!("playbook-moment-contact"),
        Moment::Kickoff => key!("playbook-moment-kickoff"),
        Moment::KickoffEnd => key!("playbook-moment-kickoff-end"),
        Moment::PlanConfirmed => key!("playbook-moment-plan"),
        Moment::FirstValue => key!("playbook-moment-value"),
    }
}

/// A moment: "the kickoff".
pub fn moment(t: &Text, moment: Moment) -> String {
    t.get(moment_key(moment)).into_owned()
}

/// A clock: "within 10 business days after the close".
pub fn due(t: &Text, due: &Due) -> String {
    let anchor = moment(t, due.anchor);
    let mut parts = vec![
        match (due.within, due.from, due.to) {
            (Some(within), ..) => {
                t.with(key!("playbook-due-within"), (("span", span(t, within)), ("anchor", anchor)))
            }
            (None, Some(from), Some(to)) => t.with(
                key!("playbook-due-window"),
                (("from", span(t, from)), ("to", span(t, to)), ("anchor", anchor)),
            ),
            (None, Some(from), None) => {
                t.with(key!("playbook-due-from"), (("from", span(t, from)), ("anchor", anchor)))
            }
            (None, None, Some(to)) if to.n() > 0 => {
                t.with(key!("playbook-due-to"), (("to", span(t, to)), ("anchor", anchor)))
            }
            (None, None, _) => t.with(key!("playbook-due-until"), ("anchor", anchor)),
        }
        .into_owned(),
    ];
    if let Some(opens) = due.opens {
        parts.push(t.with(key!("playbook-due-opens"), ("span", span(t, opens))).into_owned());
    }
    if due.roll {
        parts.push(t.get(key!("playbook-due-roll")).into_owned());
    }
    parts.join(", ")
}

/// What a gate demands, with the titles of steps and ratings.
pub fn demand(t: &Text, playbook: &Playbook, demand: &Demand) -> String {
    let plain = |key: Key| t.get(key).into_owned();
    match demand {
        Demand::Record => plain(key!("playbook-demand-record")),
        Demand::Commitments => plain(key!("playbook-demand-commitments")),
        Demand::Review => plain(key!("playbook-demand-review")),
        Demand::Acceptance => plain(key!("playbook-demand-acceptance")),
        Demand::Ownership => plain(key!("playbook-demand-ownership")),
        Demand::Corrections => plain(key!("playbook-demand-corrections")),
        Demand::PlanConfirmed => plain(key!("playbook-demand-plan")),
        Demand::Step(id) => {
            let title = playbook.step(id).map_or(id.as_str(), |step| step.title.as_str());
            t.with(key!("playbook-demand-step"), ("title", title)).into_owned()
        }
        Demand::Rating(id) => {
            let title = playbook.rating(id).map_or(id.as_str(), |rating| rating.title.as_str());
            t.with(key!("playbook-demand-rating"), ("title", title)).into_owned()
        }
    }
}

/// What an answer looks like.
pub fn kind(t: &Text, kind: AskKind) -> String {
    t.get(match kind {
        AskKind::Text => key!("playbook-kind-text"),
        AskKind::Words => key!("playbook-kind-words"),
        AskKind::Choice => key!("playbook-kind-choice"),
        AskKind::Date => key!("playbook-kind-date"),
        AskKind::Money => key!("playbook-kind-money"),
        AskKind::Number => key!("playbook-kind-number"),
        AskKind::YesNo => key!("playbook-kind-yes-no"),
        AskKind::Person => key!("playbook-kind-person"),
        AskKind::Promises => key!("word-list-promises"),
        AskKind::Criteria => key!("word-list-criteria"),
        AskKind::Stakeholders => key!("word-list-stakeholders"),
        AskKind::Risks => key!("word-list-risks"),
        AskKind::Integrations => key!("word-list-integrations"),
        AskKind::DataMoves => key!("word-list-data-moves"),
    })
    .into_owned()
}

/// The CRM field that answers an ask.
pub fn crm_field(t: &Text, field: CrmField) -> String {
    t.get(match field {
        CrmField::Plan => key!("playbook-crm-plan"),
        CrmField::Amount => key!("playbook-crm-amount"),
        CrmField::Arr => key!("playbook-crm-arr"),
        CrmField::TermMonths => key!("playbook-crm-term"),
        CrmField::DiscountPercent => key!("playbook-crm-discount"),
        CrmField::RenewsOn => key!("playbook-crm-renews"),
        CrmField::Competitor => key!("playbook-crm-competitor"),
        CrmField::Segment => key!("playbook-crm-segment"),
        CrmField::DealType => key!("playbook-crm-type"),
    })
    .into_owned()
}

/// When ownership moves.
pub fn transfer(t: &Text, on: TransferOn) -> String {
    t.get(match on {
        TransferOn::Acceptance => key!("playbook-transfer-acceptance"),
        TransferOn::WarmIntro => key!("playbook-transfer-intro"),
        TransferOn::Kickoff => key!("playbook-transfer-kickoff"),
    })
    .into_owned()
}

/// Where a route leads, and to whom the account goes.
pub fn way(t: &Text, way: Way, csm: CsmChoice) -> String {
    let way = match way {
        Way::This => key!("playbook-way-this"),
        Way::None => key!("playbook-way-none"),
    };
    let csm = match csm {
        CsmChoice::Named => key!("playbook-csm-named"),
        CsmChoice::OfRecord => key!("playbook-csm-record"),
        CsmChoice::Pooled => key!("playbook-csm-pooled"),
    };
    t.with(key!("playbook-way"), (("way", t.get(way)), ("csm", t.get(csm)))).into_owned()
}

/// What a mark does.
pub fn effect(t: &Text, effect: MarkEffect) -> String {
    t.get(match effect {
        MarkEffect::Returns => key!("playbook-effect-returns"),
        MarkEffect::FollowUp => key!("playbook-effect-follow-up"),
        MarkEffect::Note => key!("playbook-effect-note"),
    })
    .into_owned()
}

/// When a category is marked.
pub fn marked(t: &Text, when: MarkedWhen) -> String {
    t.get(match when {
        MarkedWhen::Review => key!("playbook-marked-review"),
        MarkedWhen::AfterIntro => key!("playbook-marked-after"),
    })
    .into_owned()
}

/// Who is told.
pub fn told(t: &Text, told: Told) -> String {
    t.get(match told {
        Told::Owner => key!("playbook-told-owner"),
        Told::Manager => key!("playbook-told-manager"),
        Told::RevOps => key!("role-rev-ops"),
        Told::CsLeader => key!("role-cs-leader"),
    })
    .into_owned()
}

/// Before what a record counts as complete.
pub fn complete_before(t: &Text, before: CompleteBefore) -> String {
    t.get(match before {
        CompleteBefore::Handoff => key!("playbook-complete-handoff"),
        CompleteBefore::Kickoff => key!("playbook-complete-kickoff"),
    })
    .into_owned()
}

/// A role's name.
pub fn role(t: &Text, role: Role) -> String {
    t.get(role_key(role)).into_owned()
}

/// Several roles in one phrase.
pub fn roles(t: &Text, all: &[Role]) -> String {
    t.list(&all.iter().map(|one| role(t, *one)).collect::<Vec<_>>())
}
