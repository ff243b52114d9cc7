//! The sample: added, looked at as one of its people, taken away after a look at what goes.

use askama::Template;
use throughline_app::{AppError, sample::Sample};
use throughline_domain::access::Action;
use throughline_sample::walk::Part;

use super::START;
use crate::{
    answer::{html, redirect},
    chrome::{Chrome, Place, role_key},
    form::Posted,
    i18n::Text,
    key,
    ui::{Person, Tone},
    visit::{Answer, Visit},
};

/// What there is of the sample, in words.
pub struct Told {
    pub name: String,
    pub deals: String,
    pub people: String,
    pub facts: String,
}

impl Told {
    pub fn of(t: &Text, sample: &Sample) -> Self {
        Self {
            name: sample.name.clone(),
            deals: t.with(key!("sample-deals"), ("n", sample.tally.handoffs)).into_owned(),
            people: t.with(key!("sample-people"), ("n", sample.people.len())).into_owned(),
            facts: t.with(key!("sample-facts"), ("n", sample.tally.facts)).into_owned(),
        }
    }
}

/// Somebody of the sample.
struct Row {
    id: String,
    person: Person,
    roles: String,
    walks: bool,
    here: bool,
}

#[derive(Template)]
#[template(path = "pages/start/sample.html")]
struct SamplePage {
    t: Text,
    chrome: Chrome,
    rows: Vec<Row>,
    told: Option<Told>,
    looking: bool,
    may_manage: bool,
}

/// Whom it can be looked at as.
pub async fn page(visit: Visit) -> Answer {
    let t = &visit.t;
    let sample = visit.web.app.sample(&visit.caller).await?;
    let told = sample.as_ref().map(|sample| Told::of(t, sample));
    let people = sample.map(|sample| sample.people).unwrap_or_default();
    let mut rows: Vec<Row> = people
        .into_iter()
        .map(|person| {
            let roles: Vec<_> = person.grants.iter().map(|grant| grant.role).collect();
            Row {
                id: person.id.to_string(),
                roles: t
                    .list(&roles.iter().map(|role| t.get(role_key(*role)).into_owned()).collect::<Vec<_>>()),
                walks: Part::of(roles).is_some(),
                here: visit.me.id == person.id,
                person: Person::named(person.name),
            }
        })
        .collect();
    rows.sort_by_key(|row| !row.walks);
    Ok(html(&SamplePage {
        chrome: visit.chrome(Some(Place::Settings)),
        looking: visit.in_sample(),
        may_manage: visit.caller.may(Action::ManageSettings).is_ok(),
        told,
        rows,
        t: visit.t.clone(),
    }))
}

/// Adds it, and leads to it.
pub async fn add(visit: Visit) -> Answer {
    match throughline_sample::give(&visit.web.app, &visit.caller).await {
        Ok(_) => Ok(visit.back("/sample", Tone::Good, &visit.t.get(key!("sample-added")))),
        Err(AppError::Conflict(_)) => Ok(redirect("/sample", None)),
        Err(why) => Err(why.into()),
    }
}

/// Looks at it as somebody, or as oneself again.
pub async fn look(visit: Visit, posted: Posted) -> Answer {
    let person = posted.opt_parse("person")?;
    visit.web.app.look_as(&visit.secret, person).await?;
    Ok(match person {
        Some(_) => redirect("/queue", None),
        None => redirect(if visit.caller.may(Action::ManageSettings).is_ok() { START } else { "/" }, None),
    })
}

#[derive(Template)]
#[template(path = "pages/start/remove.html")]
struct RemovePage {
    t: Text,
    chrome: Chrome,
    told: Told,
}

/// What would go.
pub async fn remove_page(visit: Visit) -> Answer {
    visit.caller.may(Action::ManageSettings)?;
    let sample = visit.web.app.sample(&visit.caller).await?.ok_or(AppError::NotFound("sample"))?;
    let told = Told::of(&visit.t, &sample);
    Ok(html(&RemovePage { t: visit.t.clone(), chrome: visit.chrome(Some(Place::Settings)), told }))
}

/// Takes it away.
pub async fn remove(visit: Visit) -> Answer {
    let gone = match visit.web.app.take_sample_away(&visit.caller).await {
        Ok(gone) => gone,
        // Somebody else was faster, and it is as was wanted.
        Err(AppError::NotFound(_)) => return Ok(redirect(START, None)),
        Err(why) => return Err(why.into()),
    };
    let text = visit.t.with(key!("sample-removed"), ("n", gone.tally.handoffs));
    Ok(visit.back(START, Tone::Good, &text))
}
