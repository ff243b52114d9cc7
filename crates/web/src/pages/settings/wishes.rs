//! How one is told: what is mailed, when, and in plain sentences what follows from that (R3.13).

use askama::Template;
use jiff::Timestamp;
use throughline_app::{AppError, wishes::mark_of};
use throughline_domain::{
    calendar::TimeOfDay,
    notify::{Notify, Quiet, Topic},
};

use super::{Part, tabs};
use crate::{
    answer::{html, html_with},
    chrome::{Chrome, Place},
    form::Posted,
    i18n::{Key, Text},
    key,
    pages::parts::{self, Wrong},
    ui::{Choice, Field, Tab, Tone},
    visit::{Answer, Visit},
};

/// The fields of the form that can be wrong.
const FIELDS: [&str; 4] = ["how", "digest", "quiet_from", "quiet_until"];

#[derive(Template)]
#[template(path = "pages/settings/notifications.html")]
struct WishesPage {
    t: Text,
    chrome: Chrome,
    tabs: Vec<Tab>,
    note: Option<String>,
    refused: Option<String>,
    mark: u64,
    how: Field,
    ways: Vec<Choice>,
    digest: Field,
    quiet_from: Field,
    quiet_until: Field,
    about: Field,
    topics: Vec<Choice>,
    follows: Vec<String>,
    previewed: bool,
    waiting: usize,
    first: Option<Timestamp>,
}

/// What the form shows: what is kept, or what was typed.
struct Shown<'a> {
    wishes: Notify,
    typed: Option<&'a Posted>,
    wrong: Option<&'a Wrong>,
    previewed: bool,
}

/// The page as it is kept.
pub async fn page(visit: Visit) -> Answer {
    let wishes = visit.web.app.my_wishes(&visit.caller).await?;
    Ok(html(&made(&visit, Shown { wishes, typed: None, wrong: None, previewed: false }).await?))
}

async fn made(visit: &Visit, shown: Shown<'_>) -> Result<WishesPage, AppError> {
    let t = visit.t.clone();
    let app = &visit.web.app;
    let kept = app.my_wishes(&visit.caller).await?;
    let post = app.my_post(&visit.caller).await?;
    let note = match (app.mails(), &visit.me.email) {
        (false, _) => Some(key!("notifications-no-mail")),
        (true, None) => Some(key!("notifications-no-address")),
        (true, Some(_)) => None,
    };
    let field = |name: &str, label: Key, kept: String| {
        let value = shown.typed.map_or(kept, |posted| posted.typed(name).to_owned());
        Field::new(name, t.get(label)).value(value).error(parts::at(shown.wrong, name))
    };
    let wishes = &shown.wishes;
    let is = |value: &str| match shown.typed {
        Some(posted) => posted.typed("how") == value,
        None => value == way(wishes),
    };
    let ways = [
        ("at_once", key!("notifications-how-at-once")),
        ("daily", key!("notifications-how-daily")),
        ("none", key!("notifications-how-none")),
    ];
    let ticked = |topic: Topic| match shown.typed {
        Some(posted) => posted.all("topic").any(|name| name == topic.name()),
        None => !wishes.muted.contains(&topic),
    };
    let time = |time: Option<TimeOfDay>| time.map(|time| time.to_string()).unwrap_or_default();
    Ok(WishesPage {
        tabs: tabs(visit, Part::Notifications),
        chrome: visit.chrome(Some(Place::Settings)),
        note: note.map(|key| t.get(key).into_owned()),
        refused: parts::beside(shown.wrong, &FIELDS),
        mark: mark_of(&kept),
        how: field("how", key!("notifications-how"), String::new()),
        ways: ways
            .map(|(value, label)| Choice::new(value, t.get(label)).chosen(is(value)))
            .into_iter()
            .collect(),
        digest: field("digest", key!("notifications-at"), time(wishes.digest))
            .hint(t.get(key!("notifications-at-hint"))),
        quiet_from: field(
            "quiet_from",
            key!("notifications-quiet-from"),
            time(wishes.quiet.map(|quiet| quiet.from)),
        ),
        quiet_until: field(
            "quiet_until",
            key!("notifications-quiet-until"),
            time(wishes.quiet.map(|quiet| quiet.until)),
        ),
        about: Field::new("topic", t.get(key!("notifications-about")))
            .hint(t.get(key!("notifications-about-hint"))),
        topics: Topic::ALL
            .into_iter()
            .map(|topic| Choice::new(topic.name(), t.get(topic_words(topic).0)).chosen(ticked(topic)))
            .collect(),
        follows: follows(&t, wishes),
        previewed: shown.previewed,
        waiting: post.len(),
        first: post.iter().map(|posting| posting.at).min(),
        t,
    })
}

/// Saves what was chosen, or says what would follow from it.
pub async fn set(visit: Visit, posted: Posted) -> Answer {
    let app = &visit.web.app;
    let preview = posted.get("do") == Some("preview");
    let done = match read(&visit.t, &posted) {
        Ok(wishes) if preview => {
            let typed = Shown { wishes, typed: Some(&posted), wrong: None, previewed: true };
            return Ok(html(&made(&visit, typed).await?));
        }
        Ok(wishes) => app.set_my_wishes(&visit.caller, wishes, posted.version()).await,
        Err(why) => Err(why),
    };
    let wrong = match done {
        Ok(_) => {
            let text = visit.t.get(key!("notifications-saved"));
            return Ok(visit.back("/settings/notifications", Tone::Good, &text));
        }
        Err(AppError::Invalid { field, reason }) => {
            Wrong::of(&visit.t, AppError::Invalid { field: field.replace('.', "_"), reason })?
        }
        Err(why) => Wrong::of(&visit.t, why)?,
    };
    let wishes = app.my_wishes(&visit.caller).await?;
    let typed = Shown { wishes, typed: Some(&posted), wrong: Some(&wrong), previewed: false };
    Ok(html_with(wrong.status, &made(&visit, typed).await?))
}

fn read(t: &Text, posted: &Posted) -> Result<Notify, AppError> {
    let time = |name: &str| -> Result<Option<TimeOfDay>, AppError> {
        let refused = |_| AppError::invalid(name, t.get(key!("notifications-time")));
        posted.get(name).map(|text| text.parse().map_err(refused)).transpose()
    };
    let quiet = match (time("quiet_from")?, time("quiet_until")?) {
        (Some(from), Some(until)) => Some(Quiet { from, until }),
        (None, None) => None,
        (Some(_), None) => return Err(AppError::invalid("quiet_until", t.get(key!("notifications-both")))),
        (None, Some(_)) => return Err(AppError::invalid("quiet_from", t.get(key!("notifications-both")))),
    };
    let way = posted.need("how")?;
    let digest = match (way, time("digest")?) {
        ("daily", None) => return Err(AppError::invalid("digest", t.get(key!("notifications-time")))),
        ("daily", at) => at,
        ("at_once" | "none", _) => None,
        _ => return Err(AppError::invalid("how", "cannot be chosen here")),
    };
    let wanted = posted.some_of::<Topic>("topic")?;
    let muted = Topic::ALL.into_iter().filter(|topic| !wanted.contains(topic)).collect();
    Ok(Notify { mail: way != "none", digest, quiet, muted })
}

fn way(wishes: &Notify) -> &'static str {
    match (wishes.mail, wishes.digest) {
        (false, _) => "none",
        (true, None) => "at_once",
        (true, Some(_)) => "daily",
    }
}

/// What follows from wishes, in sentences.
fn follows(t: &Text, wishes: &Notify) -> Vec<String> {
    if !wishes.mail {
        return vec![t.get(key!("notifications-follows-none")).into_owned()];
    }
    if wishes.muted.len() == Topic::ALL.len() {
        return vec![t.get(key!("notifications-follows-all-muted")).into_owned()];
    }
    let mut said = vec![match wishes.digest {
        Some(time) => t.with(key!("notifications-follows-daily"), ("time", time.to_string())).into_owned(),
        None => t.get(key!("notifications-follows-at-once")).into_owned(),
    }];
    if let Some(quiet) = wishes.quiet {
        let hours = (("from", quiet.from.to_string()), ("until", quiet.until.to_string()));
        said.push(match wishes.digest {
            None => t.with(key!("notifications-follows-quiet"), hours).into_owned(),
            Some(time) if quiet.holds(time) => t.get(key!("notifications-follows-daily-quiet")).into_owned(),
            Some(_) => t.with(key!("notifications-follows-daily-late"), hours).into_owned(),
        });
    }
    if !wishes.muted.is_empty() {
        let topics: Vec<_> =
            wishes.muted.iter().map(|topic| t.get(topic_words(*topic).1).into_owned()).collect();
        said.push(t.with(key!("notifications-follows-muted"), ("topics", t.list(&topics))).into_owned());
    }
    if wishes.digest.is_some() || wishes.quiet.is_some() {
        said.push(t.with(key!("notifications-follows-zone"), ("zone", t.zone_name())).into_owned());
    }
    said
}

/// A topic as the form offers it, and as a sentence names it.
fn topic_words(topic: Topic) -> (Key, Key) {
    match topic {
        Topic::Reminders => (key!("notifications-topic-reminders"), key!("notifications-name-reminders")),
        Topic::Escalations => {
            (key!("notifications-topic-escalations"), key!("notifications-name-escalations"))
        }
        Topic::Accounts => (key!("notifications-topic-accounts"), key!("notifications-name-accounts")),
        Topic::Decisions => (key!("notifications-topic-decisions"), key!("notifications-name-decisions")),
        Topic::Questions => (key!("notifications-topic-questions"), key!("notifications-name-questions")),
        Topic::Gates => (key!("notifications-topic-gates"), key!("notifications-name-gates")),
        Topic::Progress => (key!("notifications-topic-progress"), key!("notifications-name-progress")),
    }
}
