//! What templates are tried on: for each kind a message that has everything, and one that has as little as can be.

use jiff::{Timestamp, tz::TimeZone};
use throughline_domain::Role;

use crate::{
    CameByMail, Kind,
    brief::{Brief, Known},
    handover::Handover,
    view::{About, Agreed, Case, Digest, DigestLetter, Draft, Matter, Meeting, Milestone, ToldAs, View},
};

/// The samples of a kind, the fullest first.
pub(crate) fn of(kind: Kind) -> Vec<(&'static str, View)> {
    let mut all = vec![("everything", sample(kind, true)), ("as little as can be", sample(kind, false))];
    match kind {
        Kind::Returned => {
            all.push((
                "for the second time",
                with_case(true, About::Return { reason: some("Still no criteria."), times: 2 }),
            ));
        }
        Kind::Reminder | Kind::Escalation => {
            for (name, told) in [
                ("to the manager", ToldAs::ManagerOf("Dana Ruiz".to_owned())),
                ("to a role", ToldAs::Role(Role::RevOps)),
            ] {
                all.push((name, with_case(true, About::Matter { matter: matter(true, told) })));
            }
        }
        Kind::CameByMail => {
            for reason in [CameByMail::UNCLEAR, CameByMail::CHANGED, CameByMail::REFUSED] {
                let mail = came(reason, true);
                all.push((reason, with_case(true, About::CameByMail { mail })));
            }
            let (guest, meeting) = ("ines@customer.example", "Kickoff");
            for (name, mail) in [
                ("declined", CameByMail::declined(guest, meeting, false)),
                ("delegated", CameByMail::declined(guest, meeting, true)),
                ("bounced", CameByMail::bounced(guest)),
            ] {
                all.push((name, with_case(true, About::CameByMail { mail })));
            }
        }
        _ => {}
    }
    all
}

fn came(reason: &'static str, full: bool) -> CameByMail {
    CameByMail {
        from: full.then(|| "eve@elsewhere.example".to_owned()),
        awaited: "ines@customer.example".to_owned(),
        subject: if full { "Re: Acme: please confirm our mutual success plan" } else { "" }.to_owned(),
        text: full.then(|| "Please move the go-live by a week.".to_owned()),
        reason,
        meeting: None,
    }
}

fn sample(kind: Kind, full: bool) -> View {
    let about = match kind {
        Kind::IntroductionDraft => About::Draft {
            draft: Draft {
                subject: "Meet Maya Lindt".to_owned(),
                text: "Dear Ines Calloway,\n\n…".to_owned(),
            },
        },
        Kind::Returned => About::Return {
            reason: full.then(|| "The success criteria are ours, not theirs.".to_owned()),
            times: 1,
        },
        Kind::GateRefused => About::Refusal { gate: "the handoff gate", gaps: if full { 3 } else { 1 } },
        Kind::Bypassed | Kind::WaiverAsked => About::Gate { gate: "the kickoff gate" },
        Kind::PromiseDecided => {
            About::Verdict { verdict: if full { "countered" } else { "approved" }, stands: !full }
        }
        Kind::Question => {
            About::Question { question: full.then(|| "Who pays for the migration?".to_owned()) }
        }
        Kind::HandoverAsked | Kind::HandedOver | Kind::HandoverDeclined => {
            About::Handover { handover: handover(full) }
        }
        Kind::CustomerActed => {
            About::Act { act: if full { "proposed something to the plan" } else { "signed the plan" } }
        }
        Kind::PortalInvitation | Kind::PortalLink | Kind::PortalComment => {
            About::Portal { link: "https://handoffs.example/portal".to_owned() }
        }
        Kind::PortalAnswer => {
            About::Answered { link: "https://handoffs.example/portal".to_owned(), accepted: full }
        }
        Kind::PortalCode => About::Code { code: "042 917".to_owned() },
        Kind::PortalSignature => About::Signature {
            code: "042 917".to_owned(),
            account: "Acme".to_owned(),
            since: "27 Nov 2026".to_owned(),
        },
        Kind::WaiverDecided => About::Waiver { granted: full },
        Kind::RoutedToNone => About::Route { reason: "renewal at an account with a CSM".to_owned() },
        Kind::Reminder | Kind::Escalation => {
            let told = if full { ToldAs::StandInFor("Dana Ruiz".to_owned()) } else { ToldAs::Owner };
            About::Matter { matter: matter(full, told) }
        }
        Kind::Introduction => About::Introduction {
            executive: full.then(|| "Ines Calloway".to_owned()),
            champion: full.then(|| "Tom Brandt".to_owned()),
            words: full.then(|| "invoices out on the first of the month".to_owned()),
        },
        Kind::Recap | Kind::PlanToConfirm => About::Agreed { agreed: agreed(full) },
        Kind::Meeting | Kind::MeetingCancelled => About::Meeting { meeting: meeting(full) },
        Kind::Mail => About::Letter {
            subject: "Acme: the kickoff goes ahead".to_owned(),
            text: "Hello Maya Lindt,\n\nThe agenda is filled from the record.".to_owned(),
            link: full.then(|| "https://handoffs.example/handoffs/7/plan".to_owned()),
            settings: full.then(|| "https://handoffs.example/me".to_owned()),
            answer: full,
        },
        Kind::StandIn => About::Stead {
            subject: "Acme: the kickoff goes ahead".to_owned(),
            text: "Hello Maya Lindt,\n\nThe agenda is filled from the record.".to_owned(),
            absent: "Dana Ruiz".to_owned(),
            until: "Fri 27 Nov 2026".to_owned(),
        },
        Kind::CameByMail => About::CameByMail { mail: came(CameByMail::STRANGER, full) },
        Kind::Digest => About::Digest { digest: digest(full) },
        Kind::RecordOpened
        | Kind::Nominated
        | Kind::Offered
        | Kind::PromiseRouted
        | Kind::QuestionAnswered
        | Kind::PleaseConfirm
        | Kind::OwnershipMoved
        | Kind::Reopened
        | Kind::Amended
        | Kind::KickoffConfirmed
        | Kind::Rated
        | Kind::Stopped
        | Kind::Invitation
        | Kind::Reset => About::Nothing {},
    };
    match kind {
        Kind::Invitation
        | Kind::Reset
        | Kind::PortalInvitation
        | Kind::PortalLink
        | Kind::PortalCode
        | Kind::PortalSignature
        | Kind::PortalAnswer
        | Kind::PortalComment
        | Kind::Mail
        | Kind::StandIn
        | Kind::Digest => View { about, ..View::plain("Northwind", reader(full)) },
        _ => with_case(full, about),
    }
}

fn with_case(full: bool, about: About) -> View {
    let case = Case {
        account: if full { "Acme Würth & Söhne" } else { "A" }.to_owned(),
        deal: if full { "Acme rollout 2027" } else { "A" }.to_owned(),
        seller: "Dana Ruiz".to_owned(),
        csm: full.then(|| "Maya Lindt".to_owned()),
        answerable: if full { "Maya Lindt" } else { "Dana Ruiz" }.to_owned(),
        brief: if full { brief() } else { Brief::default() },
    };
    View { case: Some(case), about, ..View::plain("Northwind", reader(full)) }
}

fn reader(full: bool) -> &'static str {
    if full { "Maya Lindt" } else { "M" }
}

fn brief() -> Brief {
    Brief {
        criteria: vec![
            "invoices out on the first of the month".to_owned(),
            "no spreadsheet in finance".to_owned(),
        ],
        people: vec![
            Known {
                name: "Ines Calloway".to_owned(),
                parts: vec!["economic buyer".to_owned(), "executive sponsor".to_owned()],
            },
            Known { name: "Tom Brandt".to_owned(), parts: vec![] },
        ],
        promises: vec!["The SAP connector by the end of Q3".to_owned()],
        risks: vec!["The data owner leaves in May".to_owned()],
    }
}

fn handover(full: bool) -> Handover {
    Handover {
        role: if full { "CSM" } else { "AE" },
        from: "Maya Lindt".to_owned(),
        to: "Noah Brandt".to_owned(),
        reason: full.then(|| "Maya goes on leave".to_owned()),
        introduce: full,
        greets: full.then(|| "Ines Calloway".to_owned()),
        promises: if full {
            vec!["The SAP connector by the end of Q3 (approved)".to_owned()]
        } else {
            vec![]
        },
        questions: if full { vec!["Who pays for the migration?".to_owned()] } else { vec![] },
        milestones: if full { agreed(true).milestones } else { vec![] },
    }
}

fn matter(full: bool, told: ToldAs) -> Matter {
    // Any instant will do; a winter and a summer one show both names of a zone.
    let due = Timestamp::from_second(if full { 1_795_536_000 } else { 1_782_000_000 }).unwrap_or_default();
    let zone = TimeZone::get("Europe/Berlin").unwrap_or(TimeZone::UTC);
    let now = if full { Timestamp::MAX } else { Timestamp::MIN };
    let matter = Matter::new("Internal handoff call", "Dana Ruiz", due, now, &zone, told);
    if full { matter.reminded_at(due, &zone).waiting_on("the review by Maya Lindt") } else { matter }
}

fn agreed(full: bool) -> Agreed {
    if !full {
        return Agreed { call: "kickoff".to_owned(), ..Agreed::default() };
    }
    Agreed {
        call: "bridge call".to_owned(),
        goal: some("invoices out on the first of the month"),
        people: vec!["Ines Calloway".to_owned(), "Tom Brandt".to_owned()],
        next_steps: vec!["Name the data owner".to_owned()],
        milestones: vec![
            Milestone {
                title: "First invoice run".to_owned(),
                owner: some("Tom Brandt"),
                due: some("24 Nov 2026"),
            },
            Milestone { title: "Old system off".to_owned(), owner: None, due: None },
        ],
        open: vec!["Who signs off the migration".to_owned()],
    }
}

fn meeting(full: bool) -> Meeting {
    let zone = TimeZone::get("America/New_York").unwrap_or(TimeZone::UTC);
    let start = Timestamp::from_second(1_795_536_000).unwrap_or_default();
    let end = Timestamp::from_second(1_795_539_000).unwrap_or_default();
    let mut meeting = Meeting::new("Kickoff", start, end, &zone);
    if full {
        meeting.people = vec!["Dana Ruiz".to_owned(), "Ines Calloway".to_owned()];
        meeting.agenda = vec!["15 min: success criteria".to_owned(), "20 min: the plan".to_owned()];
        meeting.link = some("https://meet.example/7");
        meeting.changed = true;
        meeting.without_you = true;
    }
    meeting
}

fn digest(full: bool) -> Digest {
    let letter = |account: Option<&str>, subject: &str, link: bool| DigestLetter {
        account: account.map(str::to_owned),
        subject: subject.to_owned(),
        link: link.then(|| "https://handoffs.example/handoffs/7".to_owned()),
    };
    if !full {
        return Digest::of([letter(None, "Northwind: you are invited", false)]);
    }
    let mut digest = Digest::of([
        letter(Some("Acme"), "Acme: the kickoff goes ahead", true),
        letter(Some("Brandt AG"), "Brandt AG: a promise waits for your decision", true),
        letter(Some("Acme"), "Acme: your question is answered", true),
        letter(None, "Northwind: a fresh link to sign in", false),
    ]);
    digest.more = 2;
    digest.link = some("https://handoffs.example/mailbox");
    digest.settings = some("https://handoffs.example/me");
    digest
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}
