//! The audit log in sentences: what was done, and to whom or what, with a link where that has a page. An action this
//! version does not know keeps its own name, so that nothing in a log is hidden by an upgrade.

use std::collections::BTreeMap;

use throughline_app::AppError;
use throughline_domain::{Actor, PersonId};
use throughline_store::Audit;

use crate::{
    i18n::{Key, Text},
    key,
    visit::Visit,
};

/// What programs do by themselves all day: left out unless asked for.
pub const ROUTINE: [&str; 16] = [
    "act-on-event",
    "add-account",
    "await-answer",
    "choose-view",
    "deliver",
    "keep-deal",
    "lay-mail",
    "mail",
    "put-off-event",
    "read-mail",
    "receive-event",
    "receive-mail",
    "remember-answer",
    "send-mail",
    "tidy",
    "use-session",
];

/// Names of what a stretch of the log is about.
pub struct Names {
    people: BTreeMap<PersonId, String>,
    teams: BTreeMap<String, String>,
    tokens: BTreeMap<String, String>,
}

impl Names {
    /// Of everything these rows name. Names of tokens are for who manages them; others read their ids.
    pub async fn of(visit: &Visit, rows: &[(i64, Audit)]) -> Result<Self, AppError> {
        let app = &visit.web.app;
        let ids = rows.iter().flat_map(|(_, row)| {
            let other = ["to", "successor"].map(|part| detail(row, part).and_then(|id| id.parse().ok()));
            [row.by.person(), row.subject.parse().ok()].into_iter().chain(other).flatten()
        });
        let people = app.named(visit.caller.org, ids.collect::<Vec<PersonId>>()).await?;
        let teams = app.list_teams(&visit.caller).await.unwrap_or_default();
        let tokens = app.tokens(&visit.caller).await.unwrap_or_default();
        // A source is a program with a credential of its own, as one with a token is.
        let sources = app.event_sources(&visit.caller).await.unwrap_or_default();
        Ok(Self {
            people: people.into_iter().map(|(id, person)| (id, person.name)).collect(),
            teams: teams.into_iter().map(|team| (team.id.to_string(), team.name)).collect(),
            tokens: tokens
                .into_iter()
                .map(|token| (token.id.to_string(), token.name))
                .chain(sources.into_iter().map(|(name, source)| (source.id.to_string(), name)))
                .collect(),
        })
    }

    /// Who did it.
    pub fn who(&self, t: &Text, by: Actor) -> String {
        match by {
            Actor::Person { id } => self.person(&id.to_string()),
            Actor::StandIn { id, of } => {
                let args = (("name", self.person(&id.to_string())), ("of", self.person(&of.to_string())));
                t.with(key!("people-acts-for"), args).into_owned()
            }
            Actor::Token { id } => {
                t.with(key!("settings-audit-token"), ("name", self.token(&id.to_string()))).into_owned()
            }
            Actor::Customer { .. } => t.get(key!("settings-audit-customer")).into_owned(),
            Actor::System => t.get(key!("settings-audit-system")).into_owned(),
        }
    }

    fn person(&self, id: &str) -> String {
        let known = id.parse().ok().and_then(|id: PersonId| self.people.get(&id));
        known.cloned().unwrap_or_else(|| id.to_owned())
    }

    fn team(&self, id: &str) -> String {
        self.teams.get(id).cloned().unwrap_or_else(|| id.to_owned())
    }

    fn token(&self, id: &str) -> String {
        self.tokens.get(id).cloned().unwrap_or_else(|| id.to_owned())
    }
}

fn detail<'a>(row: &'a Audit, part: &str) -> Option<&'a str> {
    row.detail.get(part)?.as_str()
}

/// A row as a sentence.
pub struct Said {
    /// What was done; for an action this version does not know, its name.
    pub text: String,
    /// The page of what it was done to.
    pub href: Option<String>,
    /// What the sentence leaves out.
    pub rest: String,
}

/// What a row says.
pub fn said(t: &Text, names: &Names, row: &Audit) -> Said {
    let subject = row.subject.as_str();
    let rest = if row.detail.is_null() { String::new() } else { row.detail.to_string() };
    let plain = |key: Key| Said { text: t.get(key).into_owned(), href: None, rest: rest.clone() };
    let about = |key: Key, name: String, href: Option<String>| Said {
        text: t.with(key, ("name", name)).into_owned(),
        href,
        rest: rest.clone(),
    };
    let page = || Some(format!("/people/{subject}"));
    let person = |key: Key| about(key, names.person(subject), page());
    let two = |key: Key, part: &str| {
        let other = detail(row, part).map(|id| names.person(id)).unwrap_or_default();
        let args = (("name", names.person(subject)), ("other", other));
        Said { text: t.with(key, args).into_owned(), href: page(), rest: String::new() }
    };
    let count = |key: Key, part: &str| {
        let n = row.detail.get(part).and_then(serde_json::Value::as_u64).unwrap_or_default();
        Said { text: t.with(key, ("n", n)).into_owned(), href: None, rest: String::new() }
    };
    let settings = || Some("/settings/organisation".to_owned());
    let tokens = || Some("/settings/tokens".to_owned());
    let events = || Some("/settings/events".to_owned());
    let edited = || Some(format!("/playbooks/{subject}/edit"));
    let template = || Some(format!("/settings/templates/{subject}"));
    match row.action.as_str() {
        "sign-in" => plain(key!("settings-log-sign-in")),
        "sign-out" => plain(key!("settings-log-sign-out")),
        "use-session" => plain(key!("settings-log-use-session")),
        "end-session" => plain(key!("settings-log-end-session")),
        "set-zone" => plain(key!("settings-log-set-zone")),
        "set-wishes" => plain(key!("notifications-log")),
        "change-template" => about(key!("templates-log-change"), subject.to_owned(), template()),
        "restore-template" => about(key!("templates-log-restore"), subject.to_owned(), template()),
        "set-password" => person(key!("settings-log-set-password")),
        "reset-password" => person(key!("settings-log-reset-password")),
        "invite-person" => person(key!("settings-log-invite")),
        "invite-people" => Said { href: Some("/people".to_owned()), ..count(key!("pasted-log"), "n") },
        "add-sample" => Said { href: Some("/sample".to_owned()), ..plain(key!("sample-log-add")) },
        "take-sample-away" => Said { rest: String::new(), ..count(key!("sample-log-remove"), "handoffs") },
        "look-at-sample" if row.detail.get("as").is_some_and(|whom| !whom.is_null()) => {
            Said { rest: String::new(), ..plain(key!("sample-log-look")) }
        }
        "look-at-sample" => Said { rest: String::new(), ..plain(key!("sample-log-back")) },
        "change-person" => person(key!("settings-log-change-person")),
        "add-owner-from-crm" => person(key!("settings-log-add-owner")),
        "set-up" => person(key!("settings-log-set-up")),
        "map-person" => two(key!("settings-log-map-person"), "to"),
        "deactivate-person" if detail(row, "successor").is_some() => {
            two(key!("settings-log-left-to"), "successor")
        }
        "deactivate-person" => Said { rest: String::new(), ..person(key!("settings-log-left")) },
        "put-team" => about(key!("settings-log-team"), names.team(subject), Some("/people/teams".to_owned())),
        "set-team-calendar" => {
            about(key!("settings-log-team-calendar"), names.team(subject), Some("/people/teams".to_owned()))
        }
        "create-org" => about(key!("settings-log-create-org"), subject.to_owned(), settings()),
        "change-settings" => Said { href: settings(), ..plain(key!("settings-log-change-settings")) },
        "make-setup-link" => plain(key!("settings-log-setup-link")),
        "create-token" => about(key!("settings-log-create-token"), names.token(subject), tokens()),
        "revoke-token" => about(key!("settings-log-revoke-token"), names.token(subject), tokens()),
        "add-event-source" => about(key!("events-log-add"), subject.to_owned(), events()),
        "rotate-event-source" => about(key!("events-log-rotate"), subject.to_owned(), events()),
        "show-event-source" => about(key!("events-log-show"), subject.to_owned(), events()),
        "remove-event-source" => about(key!("events-log-remove"), subject.to_owned(), events()),
        "receive-event" => about(key!("events-log-receive"), subject.to_owned(), events()),
        "act-on-event" => about(key!("events-log-act"), subject.to_owned(), events()),
        "refuse-event" => about(key!("events-log-refuse"), subject.to_owned(), events()),
        "put-off-event" => about(key!("events-log-put-off"), subject.to_owned(), events()),
        "publish-playbook" => {
            let version = row.detail.get("version").and_then(serde_json::Value::as_u64);
            let query = version.map(|version| format!("?version={version}")).unwrap_or_default();
            let args = (("name", subject), ("version", version.unwrap_or_default()));
            Said {
                text: t.with(key!("settings-log-publish"), args).into_owned(),
                href: Some(format!("/playbooks/{subject}{query}")),
                rest: String::new(),
            }
        }
        "import-deals" => about(key!("settings-log-import"), subject.to_owned(), Some("/import".to_owned())),
        "keep-deal" => about(key!("settings-log-keep-deal"), subject.to_owned(), None),
        "add-account" => plain(key!("settings-log-add-account")),
        "attempt-gate-without-record" => about(key!("settings-log-no-record"), subject.to_owned(), None),
        "erase-texts" => {
            Said { href: Some(format!("/handoffs/{subject}")), ..plain(key!("settings-log-erase")) }
        }
        "deliver" => plain(key!("settings-log-deliver")),
        "remember-answer" => plain(key!("settings-log-remember")),
        "grant-portal" => plain(key!("settings-log-grant-portal")),
        "revoke-portal" => plain(key!("settings-log-revoke-portal")),
        "ask-portal-key" => plain(key!("settings-log-ask-portal-key")),
        "hand-portal-key" => plain(key!("settings-log-hand-portal-key")),
        "try-portal-code" => plain(key!("settings-log-try-portal-code")),
        "enter-portal" => plain(key!("settings-log-enter-portal")),
        "use-portal-session" => plain(key!("settings-log-use-portal-session")),
        "leave-portal" => plain(key!("settings-log-leave-portal")),
        "use-signing-code" => plain(key!("settings-log-use-signing-code")),
        "change-portal" => plain(key!("settings-log-change-portal")),
        "ask-plan-by-mail" => {
            Said { href: Some(format!("/handoffs/{subject}/plan")), ..plain(key!("settings-log-ask-plan")) }
        }
        "take-mail-back" => plain(key!("settings-log-take-back")),
        "await-answer" => plain(key!("settings-log-await-answer")),
        "mail" => person(key!("settings-log-mailed")),
        "send-mail" => plain(key!("settings-log-send-mail")),
        "lay-mail" => plain(key!("settings-log-lay-mail")),
        "receive-mail" => plain(key!("settings-log-receive-mail")),
        "read-mail" => plain(key!("settings-log-read-mail")),
        "set-absence" => person(key!("settings-log-absent")),
        "end-absence" => person(key!("settings-log-back")),
        "save-view" => plain(key!("settings-log-save-view")),
        "change-view" => plain(key!("settings-log-change-view")),
        "remove-view" => plain(key!("settings-log-remove-view")),
        "choose-view" => plain(key!("settings-log-choose-view")),
        "edit-playbook" => about(key!("settings-log-edit-playbook"), subject.to_owned(), edited()),
        "drop-playbook-draft" => about(key!("settings-log-drop-draft"), subject.to_owned(), edited()),
        "tidy" => plain(key!("settings-log-tidy")),
        unknown => {
            let rest = [subject, rest.as_str()].into_iter().filter(|part| !part.is_empty());
            Said { text: unknown.to_owned(), href: None, rest: rest.collect::<Vec<_>>().join(" ") }
        }
    }
}
