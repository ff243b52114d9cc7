//! The words of messages. A notice to a CSM is never name, value and tier only: it carries the brief (R3.5).

use std::fmt::Write as _;

use throughline_domain::{
    handoff::{Handoff, Message},
    record::{Body, DecisionVerdict, StakeholderRole},
};
use throughline_store::Person;

use crate::handle::Loaded;

/// Names the texts use.
pub struct Names {
    /// The AE, or who stands for them.
    pub seller: String,
    /// The CSM.
    pub csm: Option<String>,
    /// Who is answerable.
    pub answerable: String,
}

/// Subject and text of a message.
pub fn write(loaded: &Loaded, message: &Message, to: &Person, names: &Names) -> (String, String) {
    let handoff = &loaded.handoff;
    let account = &handoff.deal.account;
    let deal = &handoff.deal.name;
    let csm = names.csm.as_deref().unwrap_or("the CSM");
    let (subject, text) = match message {
        Message::RecordOpened => (
            format!("{account}: the handoff record is open"),
            format!("The record for {deal} is open. What you know of {account} goes in here while you still remember it; the page says what is needed next."),
        ),
        Message::Nominated => (
            format!("{account}: you are nominated as CSM"),
            format!("{} is selling to {account} and you are to receive the account. You can read the record, ask questions, meet the customer and mark the scorecard already.\n\n{}", names.seller, brief(handoff)),
        ),
        Message::Offered => (
            format!("{account}: {} offers you the account", names.seller),
            format!("Please review the record and accept, or send it back with a reason.\n\n{}", brief(handoff)),
        ),
        Message::IntroductionDraft => {
            let (subject, draft) = introduction(loaded, names);
            (
                format!("{account}: {csm} accepted; please introduce them"),
                format!("Here is a draft. Change it into your own words and send it yourself, then say so on the page.\n\nSubject: {subject}\n\n{draft}"),
            )
        }
        Message::Returned { times } => (
            format!("{account}: the record came back"),
            match (handoff.returns.last(), *times) {
                (Some(back), 1) => format!("{csm} sent the record back: {}\n\nMend it and say what you did; then it can be offered again.", back.reason),
                (Some(back), times) => format!("The record came back for the {times}. time: {}\n\nAE and CSM have not found together; please help them.", back.reason),
                (None, _) => "The record came back.".to_owned(),
            },
        ),
        Message::GateRefused { gate, gaps } => (
            format!("{account}: {} is refused, {gaps} missing", gate_title(*gate)),
            format!("The page names each missing thing, who owes it, and where to fill it in ({deal})."),
        ),
        Message::Bypassed { gate } => (
            format!("{account}: went past {}", gate_title(*gate)),
            format!("{deal} was found past this gate without a pass. It counts as bypassed; the record is still owed, and later gates open when it is filled."),
        ),
        Message::PromiseRouted => (
            format!("{account}: a promise waits for your decision"),
            format!("{} promised something to {account} that needs your yes, a counter or a no.", names.seller),
        ),
        Message::PromiseDecided { verdict } => (
            format!("{account}: your promise was {}", verdict_word(*verdict)),
            match verdict {
                DecisionVerdict::Approved => "It stands as you made it.".to_owned(),
                DecisionVerdict::Countered | DecisionVerdict::Declined => {
                    "It does not stand as you made it. You owe the customer the conversation before the kickoff; record where it took place.".to_owned()
                }
            },
        ),
        Message::Question => (format!("{account}: {csm} asks you something"), open_question(handoff)),
        Message::QuestionAnswered => (format!("{account}: your question is answered"), "The answer is on the page.".to_owned()),
        Message::WaiverAsked { gate } => (
            format!("{account}: a waiver at {} waits for you", gate_title(*gate)),
            "Grant it with an expiry, or deny it with a reason.".to_owned(),
        ),
        Message::WaiverDecided { granted } => (
            format!("{account}: your waiver was {}", if *granted { "granted" } else { "denied" }),
            "What it covers is still owed; the page says until when.".to_owned(),
        ),
        Message::PleaseConfirm => (
            format!("{account}: please confirm what was reported"),
            "A step of the handoff was reported. It counts once you confirm it.".to_owned(),
        ),
        Message::OwnershipMoved => (
            format!("{account}: {} owns the account now", names.answerable),
            format!("{} is answerable to {account} from this moment on. {} stays available for questions.", names.answerable, names.seller),
        ),
        Message::Reopened => (
            format!("{account}: parts of the record were reopened"),
            "Something changed in the final negotiation. The changed parts need your review again.".to_owned(),
        ),
        Message::Amended => (
            format!("{account}: the record changed after you took over"),
            "Please look at the change and acknowledge it.".to_owned(),
        ),
        Message::KickoffConfirmed => (
            format!("{account}: the kickoff goes ahead"),
            "The agenda is filled from the record; sales and customer success are both there.".to_owned(),
        ),
        Message::Rated => (format!("{account}: the handoff was rated"), "The rating is on the page.".to_owned()),
        Message::Stopped => (format!("{account}: the handoff stopped"), format!("{deal} was lost, deleted or undone in the CRM.")),
        Message::RoutedToNone => (
            format!("{account}: a deal takes no handoff"),
            format!("{deal} was routed past the handoff: {}", handoff.route.because),
        ),
    };
    (subject, format!("Hello {},\n\n{text}\n", to.name))
}

/// The letter of an invitation: subject and text. The link itself is told once, elsewhere.
pub fn invitation(company: &str, name: &str) -> (String, String) {
    let text = "You are invited to take part in its handoffs. A link to choose your password reaches you apart from \
                this letter; it works once, for three days, and is kept nowhere. If it has run out, ask whoever \
                invited you for a fresh one.";
    (format!("{company}: you are invited"), format!("Hello {name},\n\n{text}\n"))
}

/// The letter of a password reset: subject and text.
pub fn reset(company: &str, name: &str) -> (String, String) {
    let text = "Somebody who looks after people here made a fresh link for you to choose your password. It reaches you \
                apart from this letter and works once, for three days. Your old password is gone and you are signed \
                out everywhere. If you did not ask for it, tell them.";
    (format!("{company}: a fresh link to sign in"), format!("Hello {name},\n\n{text}\n"))
}

/// What a CSM must know at least: why, what success is, who matters, what was promised, what could go wrong.
pub fn brief(handoff: &Handoff) -> String {
    let mut out = String::new();
    let mut part = |title: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            let _ = writeln!(out, "{title}");
            for line in lines.iter().take(6) {
                let _ = writeln!(out, "  - {line}");
            }
        }
    };
    let items = || handoff.record.items.values();
    part(
        "Success, in their words:",
        items()
            .filter_map(|item| match &item.body {
                Body::Criterion(criterion) => Some(format!("“{}”", criterion.words)),
                _ => None,
            })
            .collect(),
    );
    part(
        "Who matters:",
        items()
            .filter_map(|item| match &item.body {
                Body::Stakeholder(person) => {
                    let parts: Vec<_> =
                        person.parts.iter().map(|part| part.name().replace('_', " ")).collect();
                    Some(format!("{} ({})", person.name, parts.join(", ")))
                }
                _ => None,
            })
            .collect(),
    );
    part(
        "What was promised:",
        items()
            .filter_map(|item| match &item.body {
                Body::Promise(promise) => Some(promise.what.to_string()),
                _ => None,
            })
            .collect(),
    );
    part(
        "What could derail it:",
        items()
            .filter_map(|item| match &item.body {
                Body::Risk(risk) => Some(risk.what.to_string()),
                _ => None,
            })
            .collect(),
    );
    if out.is_empty() { "The record holds nothing yet.".to_owned() } else { out }
}

/// The warm introduction, to the customer's executive by name, the champion in copy (R3.5).
pub fn introduction(loaded: &Loaded, names: &Names) -> (String, String) {
    let handoff = &loaded.handoff;
    let company = &loaded.org.name;
    let csm = names.csm.as_deref().unwrap_or("[the CSM]");
    let in_part = |part: StakeholderRole| {
        handoff.record.items.values().find_map(|item| match &item.body {
            Body::Stakeholder(person) if person.parts.contains(&part) => Some(person),
            _ => None,
        })
    };
    let executive =
        in_part(StakeholderRole::ExecutiveSponsor).or_else(|| in_part(StakeholderRole::EconomicBuyer));
    let champion = in_part(StakeholderRole::Champion);
    let greeting = executive.or(champion).map_or("[name]", |person| person.name.as_str());
    let mut text = format!(
        "Dear {greeting},\n\nthank you for choosing {company}. I would like you to meet {csm}, who will lead your success with us from here on."
    );
    let criterion = handoff.record.items.values().find_map(|item| match &item.body {
        Body::Criterion(criterion) => Some(criterion.words.as_str()),
        _ => None,
    });
    if let Some(words) = criterion {
        let _ = write!(
            text,
            " You told me what matters: “{words}”. {csm} knows this, and what we agreed on; you will not have to start over."
        );
    }
    let _ = write!(
        text,
        "\n\n{csm} will write to you within a day to find a date for the kickoff. I stay at hand.\n\nWarm regards\n{}",
        names.seller
    );
    if let Some(champion) = champion
        .filter(|champion| Some(champion.name.as_str()) != executive.map(|person| person.name.as_str()))
    {
        let _ = write!(text, "\n\nCopy: {}", champion.name);
    }
    (format!("Meet {csm}, your customer success manager"), text)
}

fn open_question(handoff: &Handoff) -> String {
    let open = handoff.questions.values().filter(|asked| asked.answer.is_none()).max_by_key(|asked| asked.at);
    open.map_or_else(|| "The question is on the page.".to_owned(), |asked| format!("“{}”", asked.text))
}

fn verdict_word(verdict: DecisionVerdict) -> &'static str {
    match verdict {
        DecisionVerdict::Approved => "approved",
        DecisionVerdict::Countered => "countered",
        DecisionVerdict::Declined => "declined",
    }
}

/// How texts name a gate.
pub fn gate_title(gate: throughline_domain::playbook::Gate) -> &'static str {
    use throughline_domain::playbook::Gate;
    match gate {
        Gate::Handoff => "the handoff gate",
        Gate::CsmAssignment => "the assignment gate",
        Gate::CsAccess => "the CS access gate",
        Gate::Kickoff => "the kickoff gate",
        Gate::Credit => "the credit gate",
        Gate::Done => "the done gate",
    }
}
