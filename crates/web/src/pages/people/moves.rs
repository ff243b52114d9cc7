//! Handing somebody's handoffs over: when they leave, when work is shared out anew, when an owner from a CRM turns
//! out to be somebody known. Each is shown first, with everything that would move, and done only then.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::{Path, Query};
use serde::Deserialize;
use throughline_app::AppError;
use throughline_domain::{PersonId, access::Action};
use throughline_store::{HandoffFilter, Person as StoredPerson, PersonStatus};

use super::{
    one::{Duty, id_of, moving},
    pick,
    pick::{Candidates, Pick},
};
use crate::{
    answer::{Failed, html, html_with},
    chrome::{Chrome, Place},
    form::Posted,
    i18n::{Key, Text},
    key,
    pages::parts::{self, Wrong},
    ui::{Crumb, Field, Tone},
    visit::{Answer, Visit},
};

/// Handoffs counted at most.
const COUNTED: u32 = 10_000;

/// Why handoffs move.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Because {
    /// The person leaves.
    Leave,
    /// The work is shared out anew.
    Reassign,
    /// The person is somebody known under another name.
    Map,
}

impl Because {
    fn part(self) -> &'static str {
        match self {
            Self::Leave => "leave",
            Self::Reassign => "reassign",
            Self::Map => "map",
        }
    }

    fn title(self) -> Key {
        match self {
            Self::Leave => key!("people-leave-title"),
            Self::Reassign => key!("people-reassign-title"),
            Self::Map => key!("people-map-title"),
        }
    }

    fn text(self) -> Key {
        match self {
            Self::Leave => key!("people-leave-text"),
            Self::Reassign => key!("people-reassign-text"),
            Self::Map => key!("people-map-text"),
        }
    }

    fn whom(self) -> Key {
        match self {
            Self::Leave => key!("people-leave-successor"),
            Self::Reassign => key!("people-reassign-to"),
            Self::Map => key!("people-map-to"),
        }
    }

    fn button(self) -> Key {
        match self {
            Self::Leave => key!("people-leave-button"),
            Self::Reassign => key!("people-reassign-button"),
            Self::Map => key!("people-map-button"),
        }
    }
}

#[derive(Deserialize)]
pub struct Chosen {
    #[serde(default)]
    to: String,
}

/// What would happen, once somebody is chosen.
struct Preview {
    to: String,
    sentence: String,
}

#[derive(Template)]
#[template(path = "pages/people/move.html")]
struct MovePage {
    t: Text,
    chrome: Chrome,
    crumbs: Vec<Crumb>,
    because: Because,
    title: String,
    text: String,
    button: String,
    name: String,
    back: String,
    action: String,
    pick: Pick,
    reason: Field,
    preview: Option<Preview>,
    refused: Option<String>,
    duties: Vec<Duty>,
    count: u32,
    more: bool,
    may_without: bool,
}

impl MovePage {
    fn is_leaving(&self) -> bool {
        self.because == Because::Leave
    }
    fn asks_reason(&self) -> bool {
        self.because == Because::Reassign
    }
}

async fn made(
    visit: &Visit,
    because: Because,
    person: &StoredPerson,
    to: &str,
    typed: Option<(&Posted, &Wrong)>,
) -> Result<MovePage, Failed> {
    visit.caller.may(Action::ManagePeople)?;
    let (t, app) = (visit.t.clone(), &visit.web.app);
    let wrong = typed.map(|(_, wrong)| wrong);
    let (mut chosen, mut pick_error) = (None, parts::at(wrong, "to"));
    match fitting(visit, because, person.id, to).await {
        Ok(found) => chosen = found,
        Err(why) => pick_error = Some(Wrong::of(&visit.t, why)?.text),
    }
    let filter = HandoffFilter {
        part: Some(person.id),
        life: BTreeSet::from(["live".to_owned(), "done".to_owned()]),
        ..HandoffFilter::default()
    };
    let count = app.count_handoffs(&visit.caller, &filter, COUNTED).await?;
    let (duties, more) = moving(visit, filter).await?;
    let field = Field::new("to", t.get(because.whom())).error(pick_error);
    let field = if because == Because::Leave { field } else { field.required() };
    let mut candidates = Candidates::load(visit).await?.knowing(visit, &[to]).await?;
    // Whoever a name from a CRM turns out to be takes over as they are.
    if because != Because::Map {
        candidates = candidates.succeeding(visit, person.id).await?;
    }
    let preview = chosen.map(|to| Preview {
        sentence: t
            .with(
                key!("people-move-preview"),
                (("n", count), ("from", person.name.as_str()), ("to", to.name.as_str())),
            )
            .into_owned(),
        to: to.id.to_string(),
    });
    Ok(MovePage {
        crumbs: vec![
            Crumb::new(t.get(key!("nav-people")), "/people"),
            Crumb::new(person.name.clone(), format!("/people/{}", person.id)),
        ],
        chrome: visit.chrome(Some(Place::People)),
        because,
        title: t.with(because.title(), ("name", person.name.as_str())).into_owned(),
        text: t.get(because.text()).into_owned(),
        button: t.get(because.button()).into_owned(),
        back: format!("/people/{}", person.id),
        action: format!("/people/{}/{}", person.id, because.part()),
        pick: candidates.pick(field, to, Some(person.id)),
        reason: Field::new("reason", t.get(key!("people-reason")))
            .hint(t.get(key!("people-reason-hint")))
            .value(typed.map_or("", |(posted, _)| posted.typed("reason")))
            .required()
            .error(parts::at(wrong, "reason")),
        preview,
        refused: parts::beside(wrong, &["to", "reason"]),
        may_without: because == Because::Leave && count == 0,
        name: person.name.clone(),
        duties,
        count,
        more,
        t,
    })
}

/// Whoever was chosen, where they could take everything over.
async fn fitting(
    visit: &Visit,
    because: Because,
    from: PersonId,
    to: &str,
) -> Result<Option<StoredPerson>, AppError> {
    let Some(id) = pick::named(visit, "to", to).await? else { return Ok(None) };
    if because != Because::Map {
        visit.web.app.check_successor(&visit.caller, from, id).await?;
    }
    visit.web.app.person(&visit.caller, id).await.map(Some)
}

async fn page(visit: Visit, because: Because, id: &str, chosen: &Chosen) -> Answer {
    let person = visit.web.app.person(&visit.caller, id_of(id)?).await?;
    Ok(html(&made(&visit, because, &person, &chosen.to, None).await?))
}

async fn answer(
    visit: &Visit,
    because: Because,
    id: PersonId,
    posted: &Posted,
    done: Result<(String, String), AppError>,
) -> Answer {
    match done {
        Ok((to, text)) => Ok(visit.back(&to, Tone::Good, &text)),
        Err(why) => {
            let wrong = Wrong::of(&visit.t, why)?;
            let person = visit.web.app.person(&visit.caller, id).await?;
            let page = made(visit, because, &person, posted.typed("to"), Some((posted, &wrong))).await?;
            Ok(html_with(wrong.status, &page))
        }
    }
}

pub async fn leave_page(visit: Visit, Path(id): Path<String>, Query(chosen): Query<Chosen>) -> Answer {
    page(visit, Because::Leave, &id, &chosen).await
}

pub async fn reassign_page(visit: Visit, Path(id): Path<String>, Query(chosen): Query<Chosen>) -> Answer {
    page(visit, Because::Reassign, &id, &chosen).await
}

pub async fn map_page(visit: Visit, Path(id): Path<String>, Query(chosen): Query<Chosen>) -> Answer {
    page(visit, Because::Map, &id, &chosen).await
}

/// They leave; whoever is named takes over.
pub async fn leave(visit: Visit, Path(id): Path<String>, posted: Posted) -> Answer {
    let id = id_of(&id)?;
    let done = async {
        let successor = pick::posted(&visit, &posted, "to").await?;
        let moved = visit.web.app.deactivate(&visit.caller, id, successor).await?;
        let person = visit.web.app.person(&visit.caller, id).await?;
        let text = visit.t.with(key!("people-left"), (("name", person.name), ("n", moved)));
        Ok((format!("/people/{id}"), text.into_owned()))
    };
    let done = done.await;
    answer(&visit, Because::Leave, id, &posted, done).await
}

/// Somebody else takes their handoffs.
pub async fn reassign(visit: Visit, Path(id): Path<String>, posted: Posted) -> Answer {
    let id = id_of(&id)?;
    let done = async {
        let to = pick::posted(&visit, &posted, "to").await?;
        let to = to.ok_or_else(|| AppError::invalid("to", visit.t.get(key!("people-pick-somebody"))))?;
        let reason = posted.text("reason")?;
        let moved = visit.web.app.reassign(&visit.caller, id, to, reason.as_str()).await?;
        let text = visit.t.with(key!("people-reassigned"), ("n", moved));
        Ok((format!("/people/{id}"), text.into_owned()))
    };
    let done = done.await;
    answer(&visit, Because::Reassign, id, &posted, done).await
}

/// They are somebody known: the CRM's names and the handoffs go over.
pub async fn map(visit: Visit, Path(id): Path<String>, posted: Posted) -> Answer {
    let id = id_of(&id)?;
    let done = async {
        let to = pick::posted(&visit, &posted, "to").await?;
        let to = to.ok_or_else(|| AppError::invalid("to", visit.t.get(key!("people-pick-somebody"))))?;
        let stub = visit.web.app.person(&visit.caller, id).await?;
        if stub.status != PersonStatus::NotInvited {
            return Err(AppError::Conflict(visit.t.get(key!("people-map-not-an-owner")).into_owned()));
        }
        let moved = visit.web.app.map_person(&visit.caller, id, to).await?;
        let text = visit.t.with(key!("people-mapped"), (("name", stub.name), ("n", moved)));
        Ok(("/people?show=unmapped".to_owned(), text.into_owned()))
    };
    let done = done.await;
    answer(&visit, Because::Map, id, &posted, done).await
}
