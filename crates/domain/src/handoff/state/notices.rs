//! Who was told of an open clock (R3.13).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Handoff;
use crate::clock::{Matter, Whom};

/// What was told of one clock and one due time. When the due time moves, it begins anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Which clock.
    pub matter: Matter,
    /// For which due time.
    pub due_at: Timestamp,
    /// When its owner was first reminded.
    pub reminded_at: Timestamp,
    /// How many of the playbook's reminders are behind it.
    pub reminders: u32,
    /// Whom it was escalated to, in order.
    pub escalated: Vec<Whom>,
}

impl Handoff {
    /// What was told of a clock.
    pub fn notice(&self, matter: &Matter) -> Option<&Notice> {
        self.notices.iter().find(|notice| notice.matter == *matter)
    }

    /// Notes a reminder: the first for a due time begins a new notice.
    pub(in crate::handoff) fn note_reminder(
        &mut self,
        matter: Matter,
        due_at: Timestamp,
        nth: u32,
        at: Timestamp,
    ) {
        match self.notices.iter_mut().find(|notice| notice.matter == matter) {
            Some(notice) if notice.due_at == due_at => notice.reminders = notice.reminders.max(nth),
            Some(notice) => *notice = Notice::begin(matter, due_at, nth, at),
            None => self.notices.push(Notice::begin(matter, due_at, nth, at)),
        }
    }

    /// Notes an escalation.
    pub(in crate::handoff) fn note_escalation(&mut self, matter: &Matter, due_at: Timestamp, whom: Whom) {
        let notice =
            self.notices.iter_mut().find(|notice| notice.matter == *matter && notice.due_at == due_at);
        if let Some(notice) = notice.filter(|notice| !notice.escalated.contains(&whom)) {
            notice.escalated.push(whom);
        }
    }
}

impl Notice {
    fn begin(matter: Matter, due_at: Timestamp, reminders: u32, at: Timestamp) -> Self {
        Self { matter, due_at, reminded_at: at, reminders, escalated: Vec::new() }
    }
}
