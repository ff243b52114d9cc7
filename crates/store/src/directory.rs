//! Plain tables: organisations, people, teams, accounts, playbooks, sessions, tokens. Every change has its audit
//! row in the same transaction.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use throughline_domain::{
    AccountId, Actor, HandoffId, OrgId, PersonId, PlaybookId, TeamId, TokenId,
    absence::Away,
    access::{Action, Grant},
    calendar::Calendar,
    gate::Mode,
    notify::{Notify, Topic},
};

use crate::{
    drafts::DraftRow, mails::MailChange, parcels::ParcelChange, portal::PortalChange, saved::ViewChange,
    sweeps::EventRow, templates::TemplateChange,
};

/// An organisation and its settings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Org {
    /// Which.
    pub id: OrgId,
    /// How often it was written: 1 when it is made, and one more with every change.
    #[serde(default)]
    pub version: u64,
    /// Its name in addresses: lower-case letters, digits and `-`.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// How far gates enforce (R0.14).
    pub mode: Mode,
    /// Its calendar.
    pub calendar: Calendar,
    /// Changes whenever who works by which calendar does; none while no team has a calendar of its own.
    #[serde(default)]
    pub team_calendars: Option<uuid::Uuid>,
    /// What closed before is history (R0.9).
    pub go_live_on: Option<Date>,
    /// The playbook new handoffs start with, by name.
    pub playbook: String,
    /// Who owns the process and answers for people nobody has mapped.
    pub process_owner: Option<PersonId>,
    /// Who may send events, by name.
    #[serde(default)]
    pub event_sources: BTreeMap<String, EventSource>,
    /// Of which organisation this is the sample: made-up data to try things out with. Nobody signs in here, nothing is
    /// mailed, and it is taken away whole; none: an organisation like any other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample_of: Option<OrgId>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A system that sends events. No secret is kept: it is worked out from the server's key and what stands here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventSource {
    /// Which, for ever: another of the same name later is another.
    pub id: uuid::Uuid,
    /// What its signatures are checked by.
    pub key: EventKey,
    /// The key before, good for a while after the change.
    pub before: Option<EventKey>,
    /// Since when `key` counts.
    pub changed_at: Timestamp,
    /// When it was added.
    pub added_at: Timestamp,
}

/// What a source's signatures are checked by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EventKey {
    /// A secret both sides know.
    Secret {
        /// Which of all the server's key gives.
        of: uuid::Uuid,
    },
    /// The public half of a key the source keeps to itself.
    Public {
        /// As the source wrote it: `whpk_…`.
        key: String,
    },
}

/// Whether a person can sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonStatus {
    /// Known from an import; no sign-in, nobody asked them.
    NotInvited,
    /// Invited; has not set a password.
    Invited,
    /// Signs in.
    Active,
    /// Left.
    Deactivated,
}

impl PersonStatus {
    /// Whether they can be given something to do: they sign in, or can as soon as they set a password.
    pub fn signs_in(self) -> bool {
        matches!(self, Self::Active | Self::Invited)
    }
}

/// Somebody who works in the organisation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Person {
    /// Which.
    pub id: PersonId,
    /// Their name.
    pub name: String,
    /// Their mail address, lower-case; the name they sign in with. Unique in the organisation.
    pub email: Option<String>,
    /// What they may do.
    pub grants: BTreeSet<Grant>,
    /// Their team.
    pub team: Option<TeamId>,
    /// Whether they can sign in.
    pub status: PersonStatus,
    /// Their zone, for what pages show; the organisation's when none.
    pub zone: Option<String>,
    /// The Argon2id hash of their password.
    pub password: Option<String>,
    /// Names they have in CRMs: `source:id` or `source:mail`. Imports find people by it.
    pub aliases: BTreeSet<String>,
    /// Who they really are, once a person from an import was mapped to somebody else.
    pub mapped_to: Option<PersonId>,
    /// What they want mailed, and when (R3.13).
    #[serde(default)]
    pub notify: Notify,
    /// When they are away, and for whom they stand in (R0.7).
    #[serde(default)]
    pub away: Away,
    /// When they were added.
    pub created_at: Timestamp,
}

/// A team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Team {
    /// Which.
    pub id: TeamId,
    /// Its name.
    pub name: String,
    /// Who leads it.
    pub manager: Option<PersonId>,
    /// Its calendar, where it is not the organisation's (R0.12).
    #[serde(default)]
    pub calendar: Option<Calendar>,
}

/// A customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Which.
    pub id: AccountId,
    /// Its name.
    pub name: String,
    /// Names it has in CRMs: `source:id`.
    pub aliases: BTreeSet<String>,
}

/// One published version of a playbook: the file as it was, immutable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedPlaybook {
    /// Which.
    pub id: PlaybookId,
    /// Its name.
    pub name: String,
    /// Counts up by name, from 1.
    pub version: u32,
    /// The file.
    pub source: String,
    /// When.
    pub at: Timestamp,
}

/// An API token. The secret is kept only as a hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// Which.
    pub id: TokenId,
    /// What it is for.
    pub name: String,
    /// The SHA-256 of the secret, in hexadecimal.
    pub secret: String,
    /// What it may do.
    pub grant: Grant,
    /// Narrowed to these; all of the role's when none.
    pub actions: Option<BTreeSet<Action>>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// A browser session. The secret is kept only as a hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// The SHA-256 of the cookie's secret, in hexadecimal.
    pub secret: String,
    /// Whose.
    pub person: PersonId,
    /// Since when.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub seen_at: Timestamp,
    /// What the browser called itself, shortened.
    pub agent: String,
    /// Whom of their organisation's sample they are looking as.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub looking_as: Option<LookingAs>,
}

/// Said when what is to be taken away is no sample of the organisation.
pub const NO_SAMPLE: &str = "there is no such sample of this organisation";

/// Somebody of a sample, as whom somebody real looks at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookingAs {
    /// The sample.
    pub sample: OrgId,
    /// Who of it.
    pub person: PersonId,
}

/// A one-time link: an invitation, a password reset, the first set-up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The SHA-256 of the link's secret, in hexadecimal.
    pub secret: String,
    /// For whom; none: the first set-up of the organisation.
    pub person: Option<PersonId>,
    /// Until when.
    pub expires_at: Timestamp,
}

/// One change of a plain table.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// Makes or changes the organisation. Stale unless its version is one more than what is there.
    PutOrg(Org),
    /// Makes or changes a person.
    PutPerson(Person),
    /// Makes or changes a team.
    PutTeam(Team),
    /// Makes or changes an account.
    PutAccount(Account),
    /// Publishes a playbook version.
    Publish(PublishedPlaybook),
    /// Makes or changes a token.
    PutToken(Token),
    /// Makes a session, or changes whom it looks as.
    PutSession(Session),
    /// Notes that a session was used, and nothing else of it. One that has ended stays so.
    SeeSession {
        /// Its secret's hash.
        secret: String,
        /// When.
        at: Timestamp,
    },
    /// Ends a session, by its secret's hash.
    EndSession(String),
    /// Ends all sessions of a person.
    EndSessionsOf(PersonId),
    /// Makes a one-time link.
    PutLink(Link),
    /// Uses a link up, by its secret's hash. Fails the whole batch when it is not there.
    UseLink(String),
    /// Keeps the newest reading of a deal that has no handoff; an older one changes nothing. Conflicts when the
    /// deal has a handoff by now: the reading is news for it.
    PutDeal(crate::commit::DealRow),
    /// Remembers an answer under an idempotency key. Conflicts when the key was used.
    PutAnswer(crate::commit::IdempotencyRow),
    /// Takes a message off the outbox: its letters are made. Conflicts when it is not there: another node was faster,
    /// and its letters are the ones that count.
    Delivered {
        /// Which.
        outbox: uuid::Uuid,
        /// When.
        at: Timestamp,
    },
    /// Keeps a rendered message. A repeat is kept once; what was read stays read.
    Deliver(Letter),
    /// Lets a letter wait to be mailed. A repeat changes nothing.
    Post {
        /// Which.
        letter: uuid::Uuid,
        /// To whom.
        person: PersonId,
        /// Not before this.
        at: Timestamp,
    },
    /// Takes mailed letters off the post. Conflicts when any is not there.
    Posted {
        /// Which.
        letters: Vec<uuid::Uuid>,
    },
    /// Puts letters off that could not be mailed, and counts it. Conflicts when any is not there.
    PostLater {
        /// Which.
        letters: Vec<uuid::Uuid>,
        /// Until then.
        at: Timestamp,
    },
    /// Gives letters up: takes them off the post without having mailed them. Conflicts when any is not there.
    PostNever {
        /// Which.
        letters: Vec<uuid::Uuid>,
    },
    /// Times letters on the post anew, or takes them off: their reader wants them otherwise now. What a node has at hand
    /// to mail at `now`, and what is not there any more, stays as it is.
    PostAnew {
        /// The time it is.
        now: Timestamp,
        /// Which, and when; none: never.
        letters: Vec<(uuid::Uuid, Option<Timestamp>)>,
    },
    /// Takes an event in, due at once. Conflicts when the source has sent one of this id before, whatever became of it.
    Receive(EventRow),
    /// Notes that an event was understood and acted on, and lets its body go. Conflicts when it is not new any more.
    EventDone {
        /// From where.
        source: String,
        /// Which.
        id: String,
        /// What was made of it.
        note: String,
    },
    /// Notes that nothing can be made of an event, and lets its body go. Conflicts when it is not new any more.
    EventRefused {
        /// From where.
        source: String,
        /// Which.
        id: String,
        /// Why.
        note: String,
    },
    /// Puts an event off, and counts it. Conflicts when it is not new any more.
    EventLater {
        /// From where.
        source: String,
        /// Which.
        id: String,
        /// Until then.
        at: Timestamp,
        /// Why.
        note: String,
    },
    /// Lets the clocks of every live handoff want a look now, and ends the claims on them: what they are worked out
    /// from has changed, with the organisation in this batch. A commit that was worked out from what was there before
    /// ([`crate::commit::Commit::as_of`]) wants a look at once.
    LookAgain,
    /// Changes nothing, and holds a handoff where it is until the batch is written. Stale unless it is at this version:
    /// what the batch brings was decided on what is not so any more.
    Still {
        /// Which.
        handoff: HandoffId,
        /// Its version.
        version: crate::commit::Version,
    },
    /// Changes what is sent to mailboxes.
    Parcel(ParcelChange),
    /// Changes what came by mail, or is awaited.
    Mail(MailChange),
    /// Puts a playbook draft's next version. Conflicts unless what is there is the version before it.
    Draft(DraftRow),
    /// Changes the company's own templates.
    Template(TemplateChange),
    /// Changes saved views.
    View(ViewChange),
    /// Changes who comes into the portal.
    Portal(PortalChange),
    /// Takes a sample of this organisation away: the organisation it is, with every row of it. Conflicts when there is
    /// none of this id that is this one's sample; no other organisation can be meant.
    TakeSampleAway(OrgId),
    /// Forgets what has had its time: remembered answers, links, sessions, and events done with.
    Tidy {
        /// Answers remembered before this.
        answers_before: Timestamp,
        /// Links that expired before this.
        links_before: Timestamp,
        /// Sessions not used since before this.
        sessions_before: Timestamp,
        /// Events done or refused that were received before this.
        events_before: Timestamp,
    },
}

impl Change {
    /// The organisation that is not there any more afterwards.
    pub fn taken_away(&self) -> Option<OrgId> {
        match self {
            Change::TakeSampleAway(sample) => Some(*sample),
            _ => None,
        }
    }

    /// Whether it leaves work for those who sweep.
    pub fn nudges(&self) -> bool {
        match self {
            Change::Post { .. } | Change::PostAnew { .. } | Change::Receive(_) | Change::LookAgain => true,
            Change::Parcel(change) => change.nudges(),
            Change::Mail(change) => change.nudges(),
            _ => false,
        }
    }

    /// Whether it takes words away that must be nowhere then.
    pub fn forgets(&self) -> bool {
        matches!(self, Change::Parcel(ParcelChange::Forget { .. }) | Change::Mail(MailChange::Forget { .. }))
    }
}

/// A message as it was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// Which: the outbox row's id with the addressee's place.
    pub id: uuid::Uuid,
    /// The outbox row it comes from, when it comes from one.
    pub outbox: Option<uuid::Uuid>,
    /// To whom; none: somebody outside (a copy to paste).
    pub to: Option<PersonId>,
    /// About which handoff.
    pub handoff: Option<HandoffId>,
    /// The fact of that handoff it tells of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follows: Option<u64>,
    /// Subject.
    pub subject: String,
    /// Plain text.
    pub body: String,
    /// What it is about, as far as somebody may mute it; none: nothing anybody may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<Topic>,
    /// Where it leads, as a path.
    pub link: Option<String>,
    /// When it was sent.
    pub at: Timestamp,
    /// When it was read.
    pub read_at: Option<Timestamp>,
}

/// Who changed a plain table, and what for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audit {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: Actor,
    /// What, as a verb: `invite-person`, `publish-playbook`…
    pub action: String,
    /// On what, as an id or a name.
    pub subject: String,
    /// Further detail as JSON; never a secret.
    pub detail: serde_json::Value,
}
