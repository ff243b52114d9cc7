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
                agent: program(&t, &session.agent),
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

/// The browser and the system of a user agent in a few words; as it is, where neither is known.
fn program(t: &Text, agent: &str) -> String {
    // Each names those before it as well, so the first that is there is the one.
    let browsers = [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    let systems = [
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("CrOS", "ChromeOS"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    let known =
        |of: &[(&str, &'static str)]| of.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    match (known(&browsers), known(&systems)) {
        (Some(browser), Some(system)) => {
            t.with(key!("settings-session-on"), (("browser", browser), ("system", system))).into_owned()
        }
        _ => agent.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::i18n::Locale;

    #[test]
    fn a_session_is_told_by_browser_and_system_where_both_are_known() {
        let t = Text::new(Locale::En, TimeZone::UTC);
        for (agent, told) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36",
                "Chrome on Linux",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64) AppleWebKit/537.36 Chrome/156.0 Safari/537.36 Edg/156.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 Safari/604.1",
                "Safari on iPhone",
            ),
            ("Mozilla/5.0 (Android 16; Mobile; rv:150.0) Gecko/150.0 Firefox/150.0", "Firefox on Android"),
            ("curl/8.9", "curl/8.9"),
            ("<script>", "<script>"),
        ] {
            assert_eq!(program(&t, agent), told);
        }
    }
}
