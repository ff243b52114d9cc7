//! What people are told, as values: the words of each message, the mail it travels in, the calendar file beside it,
//! and what comes back.
//!
//! A message of the domain becomes text by a [`Templates`] of which a company may change every word, within what a
//! template is allowed to do. Text becomes a [`Mail`], whose parts can hold nothing that would break out of a header.
//! A meeting becomes an [`Invite`]. A reply becomes an [`Inbound`], with what it says told apart from what it quotes.
//!
//! Absent on purpose: sending and fetching (a [`Post`] is a port), the clock, chance, and who is told what and when.

mod address;
mod arrivals;
mod brief;
mod calendar;
mod came;
mod group;
mod handover;
mod inbound;
mod kind;
mod mail;
mod post;
mod samples;
mod tell;
mod template;
mod view;

pub use address::{Address, DisplayName, Mailbox, NotAnAddress};
pub use arrivals::{Arrivals, Arrived, Ticket};
pub use brief::{Brief, Known};
pub use calendar::{
    invite::{Invite, InviteError, Method, Party},
    meeting::{MeetingKind, meeting_of, uid},
    reply::{CalendarReply, PartStat},
};
pub use came::CameByMail;
pub use group::Group;
pub use handover::Handover;
pub use inbound::{
    Inbound, InboundError,
    automatic::Automatic,
    envelope::Envelope,
    reply_address::{NotAToken, ReplyAddress, ReplyToken, TokenFound},
    words::Assent,
};
pub use kind::{Kind, NotAKind};
pub use mail::{CalendarPart, Mail, MessageId, NotAMessageId, Subject};
pub use post::{Post, PostError};
pub use tell::{Names, Told, gate_title};
pub use template::{
    Overrides, Templates, Written,
    check::{Checked, check, variables},
    fault::TemplateError,
    source::LONGEST as LONGEST_TEMPLATE,
};
pub use view::{Agreed, Digest, DigestGroup, DigestLetter, Draft, Matter, Meeting, Milestone, ToldAs, View};
