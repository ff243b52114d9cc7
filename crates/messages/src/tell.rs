//! From a message of the domain, and the handoff as it stands when the message is sent, to the values of its template.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use throughline_domain::{
    handoff::{CustomerAct, Handoff, Message},
    playbook::Gate,
    record::{Body, DecisionVerdict},
};

use crate::{
    CameByMail,
    brief::{Brief, addressees},
    handover::Handover,
    view::{About, Agreed, Case, Digest, Draft, Matter, Meeting, View, moment},
};

/// Names the texts use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Names {
    /// The AE, or who stands for them.
    pub seller: String,
    /// The CSM.
    pub csm: Option<String>,
    /// Who is answerable.
    pub answerable: String,
}

/// A handoff that is told of, to somebody.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    /// The company that uses the product.
    pub company: &'a str,
    /// Who reads it, by name.
    pub reader: &'a str,
    /// The handoff as it stands.
    pub handoff: &'a Handoff,
    /// Who is who on it.
    pub names: &'a Names,
    /// What is due, where the message is a reminder or an escalation.
    pub matter: Option<&'a Matter>,
    /// What goes along, where the message is about a change of AE or CSM.
    pub handover: Option<&'a Handover>,
}

impl Told<'_> {
    /// The values of a message. The draft of an introduction is made by [`Templates::message`](crate::Templates::message).
    pub(crate) fn message(&self, message: &Message, draft: impl FnOnce() -> Draft) -> View {
        let handoff = self.handoff;
        let about = match message {
            Message::IntroductionDraft => About::Draft { draft: draft() },
            Message::Returned { times } => About::Return {
                reason: handoff.returns.last().map(|back| back.reason.to_string()),
                times: *times,
            },
            Message::GateRefused { gate, gaps } => About::Refusal { gate: gate_title(*gate), gaps: *gaps },
            Message::Bypassed { gate } | Message::WaiverAsked { gate } => {
                About::Gate { gate: gate_title(*gate) }
            }
            Message::PromiseDecided { verdict } => About::Verdict {
                verdict: word(*verdict),
                stands: matches!(verdict, DecisionVerdict::Approved),
            },
            Message::Question => About::Question { question: open_question(handoff) },
            Message::CustomerActed { act } => About::Act { act: act_of(*act) },
            Message::WaiverDecided { granted } => About::Waiver { granted: *granted },
            Message::RoutedToNone => About::Route { reason: handoff.route.because.clone() },
            Message::HandoverAsked { .. } | Message::HandedOver { .. } | Message::HandoverDeclined { .. } => {
                match self.handover {
                    Some(handover) => About::Handover { handover: handover.clone() },
                    None => About::Nothing {},
                }
            }
            Message::Reminder { .. } | Message::Escalation { .. } => return self.due(),
            // Told by [`View::answered`] and [`View::portal`], to whom it is not about people here.
            Message::ProposalAnswered { .. } | Message::PlanCommented => About::Nothing {},
            // Told by [`Told::meeting`], once for each meeting and guest.
            Message::Meetings => About::Nothing {},
            Message::RecordOpened
            | Message::Nominated
            | Message::Offered
            | Message::PromiseRouted
            | Message::QuestionAnswered
            | Message::PleaseConfirm
            | Message::OwnershipMoved
            | Message::Reopened
            | Message::Amended
            | Message::KickoffConfirmed
            | Message::Rated
            | Message::Stopped => About::Nothing {},
        };
        self.view(about)
    }

    /// The values of a reminder or an escalation. Without a matter its template says which value is missing.
    pub fn due(&self) -> View {
        self.view(match self.matter {
            Some(matter) => About::Matter { matter: matter.clone() },
            None => About::Nothing {},
        })
    }

    /// The values of the warm introduction: to the customer's executive by name, the champion in copy (R3.5).
    pub fn introduction(&self) -> View {
        let (executive, champion) = addressees(self.handoff);
        let words = self.handoff.record.items.values().find_map(|item| match &item.body {
            Body::Criterion(criterion) => Some(criterion.words.to_string()),
            _ => None,
        });
        self.view(About::Introduction { executive, champion, words })
    }

    /// The values of the summary of a call, and of the mail that asks to confirm the plan.
    pub fn agreed(&self, agreed: Agreed) -> View {
        self.view(About::Agreed { agreed })
    }

    /// The values of a letter about a mail that came in.
    pub fn came_by_mail(&self, mail: CameByMail) -> View {
        self.view(About::CameByMail { mail })
    }

    /// The values of the words beside a calendar file.
    pub fn meeting(&self, meeting: Meeting) -> View {
        self.view(About::Meeting { meeting })
    }

    fn view(&self, about: About) -> View {
        let Names { seller, csm, answerable } = self.names.clone();
        View {
            company: self.company.to_owned(),
            reader: self.reader.to_owned(),
            case: Some(Case {
                account: self.handoff.deal.account.clone(),
                deal: self.handoff.deal.name.clone(),
                seller,
                csm,
                answerable,
                brief: Brief::of(self.handoff),
            }),
            about,
        }
    }
}

impl View {
    /// The values of a message that is about no handoff: an invitation, a reset.
    pub fn plain(company: &str, reader: &str) -> Self {
        Self { company: company.to_owned(), reader: reader.to_owned(), case: None, about: About::Nothing {} }
    }

    /// The values of a mail that leads somebody at the customer into the portal.
    pub fn portal(company: &str, reader: &str, link: String) -> Self {
        Self { about: About::Portal { link }, ..Self::plain(company, reader) }
    }

    /// The values of the mail that tells somebody at the customer what came of their proposal.
    pub fn answered(company: &str, reader: &str, link: String, accepted: bool) -> Self {
        Self { about: About::Answered { link, accepted }, ..Self::plain(company, reader) }
    }

    /// The values of a mail with a code for somebody at the customer.
    pub fn code(company: &str, reader: &str, code: String) -> Self {
        Self { about: About::Code { code }, ..Self::plain(company, reader) }
    }

    /// The values of a mail with a code to sign a plan with.
    pub fn signature(company: &str, reader: &str, code: String, account: &str, since: Date) -> Self {
        let (account, since) = (account.to_owned(), since.strftime("%-d %b %Y").to_string());
        Self { about: About::Signature { code, account, since }, ..Self::plain(company, reader) }
    }

    /// The values that wrap one message into a mail. `settings` is where the reader changes how they are told.
    pub fn mail(
        company: &str,
        reader: &str,
        letter: (&str, &str),
        link: Option<String>,
        settings: Option<String>,
    ) -> Self {
        let (subject, text) = letter;
        let about = About::Letter {
            subject: subject.to_owned(),
            text: text.trim_end().to_owned(),
            link,
            settings,
            answer: false,
        };
        Self { about, ..Self::plain(company, reader) }
    }

    /// The values that wrap one message for a stand-in: who is away, and until which day.
    pub fn in_stead(company: &str, reader: &str, letter: (&str, &str), absent: &str, until: Date) -> Self {
        let (subject, text) = (letter.0.to_owned(), letter.1.trim_end().to_owned());
        let until = until.strftime("%a %-d %b %Y").to_string();
        let about = About::Stead { subject, text, absent: absent.to_owned(), until };
        Self { about, ..Self::plain(company, reader) }
    }

    /// The same mail where an answer to it is taken as one to its message.
    #[must_use]
    pub fn to_be_answered(mut self) -> Self {
        if let About::Letter { answer, .. } = &mut self.about {
            *answer = true;
        }
        self
    }

    /// The values that wrap several messages into one mail (R3.13).
    pub fn digest(company: &str, reader: &str, digest: Digest) -> Self {
        Self { about: About::Digest { digest }, ..Self::plain(company, reader) }
    }
}

impl Meeting {
    /// A meeting from one instant to another, as a reader in a zone sees it.
    pub fn new(title: &str, start: Timestamp, end: Timestamp, zone: &TimeZone) -> Self {
        Self {
            title: title.to_owned(),
            start: moment(start, zone),
            minutes: (end.as_second() - start.as_second()) / 60,
            people: Vec::new(),
            agenda: Vec::new(),
            link: None,
            changed: false,
            without_you: false,
        }
    }
}

fn open_question(handoff: &Handoff) -> Option<String> {
    let open = handoff.questions.values().filter(|asked| asked.answer.is_none()).max_by_key(|asked| asked.at);
    open.map(|asked| asked.text.to_string())
}

fn word(verdict: DecisionVerdict) -> &'static str {
    match verdict {
        DecisionVerdict::Approved => "approved",
        DecisionVerdict::Countered => "countered",
        DecisionVerdict::Declined => "declined",
    }
}

fn act_of(act: CustomerAct) -> &'static str {
    match act {
        CustomerAct::Confirmed => "confirmed a success criterion",
        CustomerAct::Corrected => "corrected a success criterion",
        CustomerAct::Committed => "committed to a prerequisite",
        CustomerAct::Proposed => "proposed something to the plan",
        CustomerAct::Moved => "changed a milestone of theirs",
        CustomerAct::Commented => "commented on the plan",
        CustomerAct::Signed => "signed the plan",
    }
}

/// How texts name a gate.
pub fn gate_title(gate: Gate) -> &'static str {
    match gate {
        Gate::Handoff => "the handoff gate",
        Gate::CsmAssignment => "the assignment gate",
        Gate::CsAccess => "the CS access gate",
        Gate::Kickoff => "the kickoff gate",
        Gate::Credit => "the credit gate",
        Gate::Done => "the done gate",
    }
}
