//! One's own: language, time zone, and where one is signed in.

use askama::Template;
use jiff::Timestamp;
use throughline_app::AppError;
use throughline_domain::access::Grant;

use super::{Part, tabs};
use crate::{
    answer::{html, html_with},
    chrome::{Chrome, Place},
    form::Posted,
    i18n::{Locale, Text},
    key,
    pages::{
        parts::{self, Wrong},
        people::grant_words,
    },
    ui::{Choice, Field, Tab, Tone},
    visit::{Answer, Visit},
};

struct SessionRow {
    hash: String,
    agent: String,
    since: Timestamp,
    seen: String,
    here: bool,
}

#[derive(Template)]
#[template(path = "pages/settings/me.html")]
struct MePage {
    t: Text,
    chrome: Chrome,
    tabs: Vec<Tab>,
    name: String,
    email: String,
    roles: Vec<String>,
    language: Field,
    languages: Vec<Choice>,
    zone: Field,
    refused: Option<String>,
    sessions: Vec<SessionRow>,
}

pub async fn page(visit: Visit) -> Answer {
    Ok(html(&made(&visit, None).await?))
}

async fn made(visit: &Visit, typed: Option<(&Posted, &Wrong)>) -> Result<MePage, AppError> {
    let t = visit.t.clone();
    let now = visit.web.app.now();
    let wrong = typed.map(|(_, wrong)| wrong);
    let sessions = visit.web.app.my_sessions(&visit.caller, &visit.secret).await?;
    let zone = typed.map_or_else(
        || visit.me.zone.clone().unwrap_or_default(),
        |(posted, _)| posted.typed("zone").to_owned(),
    );
    Ok(MePage {
        tabs: tabs(visit, Part::Me),
        chrome: visit.chrome(Some(Place::Settings)),
        name: visit.me.name.clone(),
        email: visit.me.email.clone().unwrap_or_default(),
        roles: visit.caller.grants.iter().map(|grant: &Grant| grant_words(&t, *grant)).collect(),
        language: Field::new("locale", t.get(key!("settings-language"))),
        languages: Locale::ALL
            .into_iter()
            .filter_map(|locale| {
                let label = match locale {
                    Locale::En => key!("settings-language-en"),
                    // For checks, which ask for them by their cookie.
                    Locale::Pseudo | Locale::Mirrored => return None,
                };
                Some(Choice::new(locale.tag(), t.get(label)).chosen(locale.tag() == t.lang()))
            })
            .collect(),
        zone: Field::new("zone", t.get(key!("settings-my-zone")))
            .value(zone)
            .hint(t.with(key!("settings-my-zone-hint"), ("zone", t.zone_name())))
            .error(parts::at(wrong, "zone")),
        refused: parts::beside(wrong, &["zone"]),
        sessions: sessions
            .into_iter()
            .map(|(session, here)| SessionRow {
                agent: session.agent,
                since: session.created_at,
                seen: t.relative(session.seen_at, now),
                here,
                hash: session.secret,
            })
            .collect(),
        t,
    })
}

/// Sets one's zone; blank takes the organisation's.
pub async fn zone(visit: Visit, posted: Posted) -> Answer {
    match visit.web.app.set_my_zone(&visit.caller, posted.get("zone")).await {
        Ok(()) => Ok(visit.back("/settings", Tone::Good, &visit.t.get(key!("settings-saved")))),
        Err(why) => {
            let wrong = Wrong::of(&visit.t, why)?;
            Ok(html_with(wrong.status, &made(&visit, Some((&posted, &wrong))).await?))
        }
    }
}

/// Ends one of one's sessions.
pub async fn end_session(visit: Visit, posted: Posted) -> Answer {
    visit.web.app.end_session(&visit.caller, posted.typed("session")).await?;
    Ok(visit.back("/settings", Tone::Good, &visit.t.get(key!("settings-session-ended"))))
}
