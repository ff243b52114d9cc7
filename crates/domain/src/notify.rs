//! How a person wants to be told: at once or once a day, at which hours, of what (R3.13).
//!
//! Every message lies in the product for them; these rules are about what is mailed, and when. Absent on purpose:
//! sending, and any way not to be told at all.

use std::collections::BTreeSet;

use jiff::{Timestamp, civil::Time, tz::TimeZone};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{calendar::TimeOfDay, handoff::Message};

/// What a person wants mailed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Notify {
    /// Whether anything is.
    pub mail: bool,
    /// Everything together once a day at this time of their day, `HH:MM`; at once when none.
    #[serde(with = "written", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub digest: Option<TimeOfDay>,
    /// Hours in which nothing is; it waits until they are over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quiet: Option<Quiet>,
    /// What never is.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub muted: BTreeSet<Topic>,
}

impl Default for Notify {
    fn default() -> Self {
        Self { mail: true, digest: None, quiet: None, muted: BTreeSet::new() }
    }
}

/// Hours of rest, by the person's clock; they may span midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Quiet {
    /// From when, `HH:MM`.
    #[serde(with = "written_one")]
    #[schemars(with = "String")]
    pub from: TimeOfDay,
    /// Until when, `HH:MM`.
    #[serde(with = "written_one")]
    #[schemars(with = "String")]
    pub until: TimeOfDay,
}

/// What messages are about, as far as somebody may mute it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// Something of yours is due.
    Reminders,
    /// Something of somebody else's is overdue.
    Escalations,
    /// Nominations, offers, returns, accounts that become yours.
    Accounts,
    /// Promises and waivers to decide, and how they were decided.
    Decisions,
    /// Questions and answers.
    Questions,
    /// What gates refused or deals went past.
    Gates,
    /// How a handoff goes on.
    Progress,
}

impl Topic {
    /// Every topic, in order.
    pub const ALL: [Topic; 7] = [
        Topic::Reminders,
        Topic::Escalations,
        Topic::Accounts,
        Topic::Decisions,
        Topic::Questions,
        Topic::Gates,
        Topic::Progress,
    ];

    /// The name used in data.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Topic::Reminders => "reminders",
            Topic::Escalations => "escalations",
            Topic::Accounts => "accounts",
            Topic::Decisions => "decisions",
            Topic::Questions => "questions",
            Topic::Gates => "gates",
            Topic::Progress => "progress",
        }
    }

    /// What a message is about.
    #[must_use]
    pub fn of(message: &Message) -> Self {
        match message {
            Message::Reminder { .. } => Topic::Reminders,
            Message::Escalation { .. } => Topic::Escalations,
            Message::Nominated
            | Message::HandoverAsked { .. }
            | Message::HandedOver { .. }
            | Message::HandoverDeclined { .. }
            | Message::Offered
            | Message::IntroductionDraft
            | Message::Returned { .. }
            | Message::OwnershipMoved => Topic::Accounts,
            Message::PromiseRouted
            | Message::PromiseDecided { .. }
            | Message::WaiverAsked { .. }
            | Message::WaiverDecided { .. } => Topic::Decisions,
            Message::Question | Message::QuestionAnswered => Topic::Questions,
            Message::CustomerActed { .. } | Message::ProposalAnswered { .. } | Message::PlanCommented => {
                Topic::Progress
            }
            Message::GateRefused { .. } | Message::Bypassed { .. } => Topic::Gates,
            Message::RecordOpened
            | Message::PleaseConfirm
            | Message::Reopened
            | Message::Amended
            | Message::KickoffConfirmed
            | Message::Rated
            | Message::Stopped
            | Message::RoutedToNone
            | Message::Meetings => Topic::Progress,
        }
    }
}

impl Notify {
    /// When a message that arises at `now` is mailed to somebody whose clock runs by `zone`; none: never. What has no
    /// topic nobody mutes.
    #[must_use]
    pub fn mail_at(
        &self,
        topic: impl Into<Option<Topic>>,
        now: Timestamp,
        zone: &TimeZone,
    ) -> Option<Timestamp> {
        if !self.wants(topic) {
            return None;
        }
        if let Some(time) = self.digest {
            return Some(next(now, time, zone));
        }
        Some(self.rests_until(now, zone).unwrap_or(now))
    }

    /// Whether a message about this is mailed at all.
    #[must_use]
    pub fn wants(&self, topic: impl Into<Option<Topic>>) -> bool {
        self.mail && !topic.into().is_some_and(|topic| self.muted.contains(&topic))
    }

    /// Until when nothing is mailed, where `now` lies in quiet hours. A daily mail comes at the time it was given, be
    /// that in quiet hours.
    #[must_use]
    pub fn rests_until(&self, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let quiet = self.quiet.filter(|quiet| quiet.covers(zone.to_datetime(now).time()))?;
        let overruled = self.digest.is_some_and(|time| quiet.holds(time));
        (!overruled).then(|| next(now, quiet.until, zone))
    }
}

impl Quiet {
    /// Whether they are no time at all: they end when they begin.
    #[must_use]
    pub fn is_empty(self) -> bool {
        on_the_clock(self.from) == on_the_clock(self.until)
    }

    /// Whether a time of the day lies in them.
    #[must_use]
    pub fn holds(self, time: TimeOfDay) -> bool {
        self.covers(on_the_clock(time))
    }

    fn covers(self, time: Time) -> bool {
        let (from, until) = (on_the_clock(self.from), on_the_clock(self.until));
        if from <= until { from <= time && time < until } else { from <= time || time < until }
    }
}

/// The end of a day is the beginning of the next.
fn on_the_clock(time: TimeOfDay) -> Time {
    time.on_the_clock().unwrap_or(Time::midnight())
}

/// When the clock on the wall shows a time next: after `now`, never at it. A time the clocks skip comes when they have
/// skipped it.
fn next(now: Timestamp, time: TimeOfDay, zone: &TimeZone) -> Timestamp {
    let mut date = zone.to_datetime(now).date();
    for _ in 0..3 {
        let at = zone.to_ambiguous_timestamp(date.to_datetime(on_the_clock(time))).compatible();
        match at {
            Ok(at) if at > now => return at,
            _ => match date.tomorrow() {
                Ok(tomorrow) => date = tomorrow,
                Err(_) => break,
            },
        }
    }
    now
}

mod written_one {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use super::TimeOfDay;

    pub fn serialize<S: Serializer>(time: &TimeOfDay, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(time)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<TimeOfDay, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

mod written {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use super::TimeOfDay;

    pub fn serialize<S: Serializer>(time: &Option<TimeOfDay>, to: S) -> Result<S::Ok, S::Error> {
        match time {
            Some(time) => to.collect_str(time),
            None => to.serialize_none(),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<TimeOfDay>, D::Error> {
        let text = Option::<String>::deserialize(from)?;
        text.map(|text| text.parse().map_err(D::Error::custom)).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn berlin() -> TimeZone {
        jiff::tz::TimeZoneDatabase::bundled().get("Europe/Berlin").unwrap()
    }

    fn at(local: &str) -> Timestamp {
        let local: jiff::civil::DateTime = local.parse().unwrap();
        berlin().to_ambiguous_timestamp(local).compatible().unwrap()
    }

    fn quiet(from: &str, until: &str) -> Notify {
        let quiet = Quiet { from: from.parse().unwrap(), until: until.parse().unwrap() };
        Notify { quiet: Some(quiet), ..Notify::default() }
    }

    fn mailed(notify: &Notify, now: &str) -> Option<Timestamp> {
        notify.mail_at(Topic::Reminders, at(now), &berlin())
    }

    #[test]
    fn who_says_nothing_is_told_at_once() {
        let noon = "2026-03-02T12:00";
        assert_eq!(mailed(&Notify::default(), noon), Some(at(noon)));
        assert_eq!(serde_json::from_str::<Notify>("{}").unwrap(), Notify::default());
    }

    #[test]
    fn what_is_muted_or_not_wanted_by_mail_is_not_mailed() {
        let none = Notify { mail: false, ..Notify::default() };
        assert_eq!(mailed(&none, "2026-03-02T12:00"), None);
        let muted = Notify { muted: [Topic::Reminders].into(), ..Notify::default() };
        assert_eq!(mailed(&muted, "2026-03-02T12:00"), None);
        assert!(muted.mail_at(Topic::Accounts, at("2026-03-02T12:00"), &berlin()).is_some());
    }

    #[test]
    fn a_digest_comes_at_its_next_time_also_over_a_change_of_the_clocks() {
        let digest = Notify { digest: Some("02:30".parse().unwrap()), ..Notify::default() };
        assert_eq!(mailed(&digest, "2026-03-02T02:29"), Some(at("2026-03-02T02:30")));
        assert_eq!(mailed(&digest, "2026-03-02T02:30"), Some(at("2026-03-03T02:30")), "after, never at");
        // In the night of the 29th 02:30 is skipped: it is half past three when the clocks have moved on.
        assert_eq!(mailed(&digest, "2026-03-28T12:00"), Some(at("2026-03-29T03:30")));
        // In autumn it comes twice: the first time counts, and the second is not another day's.
        let first = mailed(&digest, "2026-10-24T12:00").unwrap();
        assert_eq!(first, at("2026-10-25T02:30"));
        let again = digest.mail_at(Topic::Reminders, first, &berlin());
        assert_eq!(again, Some(at("2026-10-26T02:30")));
    }

    #[test]
    fn quiet_hours_may_span_midnight_and_end_on_time() {
        let night = quiet("20:00", "07:30");
        assert_eq!(mailed(&night, "2026-03-02T19:59"), Some(at("2026-03-02T19:59")));
        assert_eq!(mailed(&night, "2026-03-02T20:00"), Some(at("2026-03-03T07:30")));
        assert_eq!(mailed(&night, "2026-03-03T07:29"), Some(at("2026-03-03T07:30")));
        assert_eq!(mailed(&night, "2026-03-03T07:30"), Some(at("2026-03-03T07:30")));
        let lunch = quiet("12:00", "13:00");
        assert_eq!(mailed(&lunch, "2026-03-03T12:30"), Some(at("2026-03-03T13:00")));
        assert_eq!(mailed(&lunch, "2026-03-03T13:00"), Some(at("2026-03-03T13:00")));
        let evening = quiet("18:00", "24:00");
        assert_eq!(mailed(&evening, "2026-03-03T23:00"), Some(at("2026-03-04T00:00")));
        assert_eq!(mailed(&evening, "2026-03-03T06:00"), Some(at("2026-03-03T06:00")));
    }

    #[test]
    fn what_has_no_topic_is_muted_by_nobody() {
        let deaf = Notify { muted: Topic::ALL.into(), ..Notify::default() };
        let noon = at("2026-03-02T12:00");
        assert_eq!(deaf.mail_at(None, noon, &berlin()), Some(noon));
        assert_eq!(Notify { mail: false, ..deaf }.mail_at(None, noon, &berlin()), None);
    }

    #[test]
    fn a_late_daily_mail_waits_for_the_end_of_quiet_hours_unless_its_time_is_one() {
        let daily = |time: &str| Notify { digest: Some(time.parse().unwrap()), ..quiet("20:00", "07:00") };
        let rests = |notify: Notify| notify.rests_until(at("2026-03-02T23:00"), &berlin());
        assert_eq!(rests(daily("18:00")), Some(at("2026-03-03T07:00")));
        assert_eq!(rests(daily("22:00")), None);
        assert_eq!(rests(Notify::default()), None);
        assert!(daily("18:00").quiet.is_some_and(|hours| !hours.is_empty()));
        assert!(quiet("24:00", "00:00").quiet.is_some_and(Quiet::is_empty));
    }

    #[test]
    fn wishes_come_back_as_they_were_written_and_nonsense_is_refused() {
        let written =
            r#"{"mail":true,"digest":"08:00","quiet":{"from":"20:00","until":"07:00"},"muted":["gates"]}"#;
        let read: Notify = serde_json::from_str(written).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), written);
        for nonsense in
            [r#"{"digest":"8"}"#, r#"{"quiet":{"from":"20:00"}}"#, r#"{"muted":["all"]}"#, r#"{"sms":true}"#]
        {
            assert!(serde_json::from_str::<Notify>(nonsense).is_err(), "{nonsense}");
        }
        for topic in Topic::ALL {
            assert_eq!(serde_json::to_value(topic).unwrap(), topic.name());
        }
    }
}
