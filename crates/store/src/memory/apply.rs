//! Changes of plain tables, in memory.

use std::collections::BTreeMap;

use throughline_domain::OrgId;

use super::Tables;
use crate::{
    directory::*,
    ports::ApplyError,
    sweeps::{DELIVERED, EventState},
};

pub(super) fn conflict<T>(what: impl Into<String>) -> Result<T, ApplyError> {
    Err(ApplyError::Conflict(what.into()))
}

/// Makes all changes or none.
pub(super) fn apply(
    all: &mut BTreeMap<OrgId, Tables>,
    org: OrgId,
    changes: Vec<Change>,
    audit: Audit,
) -> Result<(), ApplyError> {
    let mut tables = all.get(&org).cloned().unwrap_or_default();
    let taken_away: Vec<OrgId> = changes.iter().filter_map(Change::taken_away).collect();
    for change in changes {
        let others = all.iter().filter(|(id, _)| **id != org).map(|(_, tables)| tables);
        tables.change(org, change, &others.collect::<Vec<_>>())?;
    }
    tables.check_people()?;
    tables.check_accounts()?;
    tables.audit.push(audit);
    all.insert(org, tables);
    all.retain(|id, _| !taken_away.contains(id));
    Ok(())
}

impl Tables {
    fn change(&mut self, org: OrgId, change: Change, others: &[&Tables]) -> Result<(), ApplyError> {
        match change {
            Change::PutOrg(put) if put.id != org => return conflict("an organisation changes only itself"),
            Change::PutOrg(put) => {
                let taken = |other: &&Tables| other.org.as_ref().is_some_and(|other| other.slug == put.slug);
                if others.iter().any(taken) {
                    return conflict(format!("the name `{}` is taken", put.slug));
                }
                let current = self.org.as_ref().map_or(0, |org| org.version);
                if put.version != current + 1 {
                    return Err(ApplyError::Stale { current });
                }
                self.org = Some(put);
            }
            Change::PutPerson(person) => {
                self.people.insert(person.id, person);
            }
            Change::PutTeam(team) => {
                self.teams.insert(team.id, team);
            }
            Change::PutAccount(account) => {
                self.accounts.insert(account.id, account);
            }
            Change::Publish(playbook) => {
                let key = (playbook.name.clone(), playbook.version);
                if self.playbooks.contains_key(&key) {
                    return conflict(format!("playbook {} {} is published already", key.0, key.1));
                }
                self.playbooks.insert(key, playbook);
            }
            Change::PutToken(token) => {
                let mut held = self.tokens.values().filter(|other| other.id != token.id);
                let here = held.any(|other| other.secret == token.secret);
                let same = |other: &&Tables| other.tokens.values().any(|other| other.secret == token.secret);
                if here || others.iter().any(same) {
                    return conflict("the token's secret is taken");
                }
                self.tokens.insert(token.id, token);
            }
            Change::PutSession(session) => {
                if others.iter().any(|other| other.sessions.contains_key(&session.secret)) {
                    return conflict("the session's secret is taken");
                }
                self.sessions.insert(session.secret.clone(), session);
            }
            Change::SeeSession { secret, at } => {
                if let Some(held) = self.sessions.get_mut(&secret) {
                    held.seen_at = at;
                }
            }
            Change::EndSession(secret) => {
                self.sessions.remove(&secret);
            }
            Change::EndSessionsOf(person) => self.sessions.retain(|_, session| session.person != person),
            Change::PutLink(link) => {
                let taken = |tables: &&Tables| tables.links.contains_key(&link.secret);
                if self.links.contains_key(&link.secret) || others.iter().any(taken) {
                    return conflict("the link's secret is taken");
                }
                self.links.insert(link.secret.clone(), link);
            }
            Change::UseLink(secret) => {
                if self.links.remove(&secret).is_none() {
                    return conflict("the link was used already");
                }
            }
            Change::PutDeal(deal) => {
                let kept = self.deals.get(&deal.key);
                if let Some(handoff) = kept.and_then(|kept| kept.handoff) {
                    return conflict(format!("the deal has a handoff: {handoff}"));
                }
                if kept.is_none_or(|kept| kept.source_time <= deal.source_time) {
                    self.deals.insert(deal.key.clone(), deal);
                }
            }
            Change::PutAnswer(row) => {
                if self.answers.contains_key(&row.key) {
                    return conflict("the idempotency key was used already");
                }
                self.answers.insert(row.key.clone(), row);
            }
            Change::Delivered { outbox, .. } => {
                if self.outbox.remove(&outbox).is_none() {
                    return conflict(DELIVERED);
                }
            }
            Change::Deliver(mut letter) => {
                let read_at = self.letters.get(&letter.id).and_then(|kept| kept.read_at);
                letter.read_at = letter.read_at.or(read_at);
                self.letters.insert(letter.id, letter);
            }
            Change::Post { letter, person, at } => self.post(letter, person, at),
            Change::Posted { letters } | Change::PostNever { letters } => self.take_off_post(&letters)?,
            Change::PostLater { letters, at } => self.put_off_post(&letters, at)?,
            Change::PostAnew { now, letters } => self.time_post_anew(now, &letters),
            Change::Receive(event) => self.receive(event)?,
            Change::EventDone { source, id, note } => self.settle(source, id, EventState::Done, note)?,
            Change::EventRefused { source, id, note } => {
                self.settle(source, id, EventState::Refused, note)?
            }
            Change::EventLater { source, id, at, note } => self.put_off_event(source, id, at, note)?,
            Change::LookAgain => self.look_again(),
            Change::Still { handoff, version } => {
                let current = self.handoffs.get(&handoff).map_or(0, |held| held.stored.version);
                if current != version {
                    return Err(ApplyError::Stale { current });
                }
            }
            Change::Parcel(change) => self.parcel(change)?,
            Change::Mail(change) => self.mail(change, others)?,
            Change::Draft(row) => self.keep_draft(row)?,
            Change::Template(change) => self.template(change)?,
            Change::View(change) => self.view(change)?,
            Change::Portal(change) => self.portal(change, others)?,
            Change::TakeSampleAway(sample) => {
                let mut others = others.iter().filter_map(|other| other.org.as_ref());
                if !others.any(|other| other.id == sample && other.sample_of == Some(org)) {
                    return conflict(NO_SAMPLE);
                }
            }
            Change::Tidy { answers_before, links_before, sessions_before, events_before } => {
                self.answers.retain(|_, row| row.at >= answers_before);
                self.links.retain(|_, link| link.expires_at >= links_before);
                self.sessions.retain(|_, session| session.seen_at >= sessions_before);
                self.events.retain(|_, event| !event.row.is_over(events_before));
            }
        }
        Ok(())
    }

    /// Checked once all changes are made, so that an address or alias can move from one person to another.
    fn check_people(&self) -> Result<(), ApplyError> {
        let (mut emails, mut aliases) = (BTreeMap::new(), BTreeMap::new());
        for person in self.people.values() {
            let email = person.email.as_deref().map(crate::query::folded);
            if let Some(email) = email.filter(|email| emails.insert(email.clone(), ()).is_some()) {
                return conflict(format!("the address {email} is taken"));
            }
            if let Some(alias) = person.aliases.iter().find(|alias| aliases.insert(*alias, ()).is_some()) {
                return conflict(format!("the alias {alias} is somebody else's"));
            }
        }
        Ok(())
    }

    fn check_accounts(&self) -> Result<(), ApplyError> {
        let mut aliases = BTreeMap::new();
        for account in self.accounts.values() {
            if let Some(alias) = account.aliases.iter().find(|alias| aliases.insert(*alias, ()).is_some()) {
                return conflict(format!("the alias {alias} is another account's"));
            }
        }
        Ok(())
    }
}
