//! Reading people.

use axum::{
    extract::State,
    http::Uri,
    routing::{get, put},
};
use schemars::JsonSchema;
use serde::Deserialize;
use throughline_domain::{PersonId, access::Action};
use throughline_http::{
    ApiCaller, Problem, Web,
    extract::{Body, Path, Query},
};

use super::{PersonBody, PersonPath, PersonView};
use crate::{
    answer::{Answered, json},
    page::{self, Listed, decode},
    spec::{Verb, Verbs},
};

/// Which people.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// This text in name or mail address.
    #[schemars(length(max = 200))]
    text: Option<String>,
    /// How many rows at most; 50 when left out.
    #[schemars(range(min = 1, max = 200))]
    limit: Option<u32>,
    /// Where the page begins: as found in `next`.
    #[schemars(length(max = 1000))]
    after: Option<String>,
}

pub(super) fn add(verbs: &mut Verbs) {
    verbs.add(
        Verb::get("/api/v1/people", "listPeople")
            .about("people", "People by name.")
            .right(Action::ReadPeople)
            .query::<Wanted>()
            .answers::<Listed<PersonView>>(200),
        get(list),
    );
    verbs.add(
        Verb::put("/api/v1/people/{id}", "changePerson")
            .about("people", "Change name, mail address, roles and team of somebody.")
            .right(Action::ManagePeople)
            .parts::<PersonPath>()
            .body::<PersonBody>()
            .answers::<PersonView>(200),
        put(change).get(show),
    );
    verbs.list.push(
        Verb::get("/api/v1/people/{id}", "getPerson")
            .about("people", "One person.")
            .right(Action::ReadPeople)
            .parts::<PersonPath>()
            .answers::<PersonView>(200),
    );
}

async fn list(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    uri: Uri,
    Query(wanted): Query<Wanted>,
) -> Answered {
    if wanted.text.as_ref().is_some_and(|text| text.chars().count() > 200) {
        return Err(
            Problem::new("bad-request", "text is longer than 200 characters").with("field", "text".into())
        );
    }
    let after: Option<(String, PersonId)> = decode(wanted.after.as_deref())?;
    let found =
        web.app.list_people(&caller, wanted.text.as_deref(), after, page::limit(wanted.limit)?).await?;
    json(Listed::new(found.rows.into_iter().map(PersonView::from).collect(), found.next, &uri))
}

async fn show(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Path(PersonPath { id }): Path<PersonPath>,
) -> Answered {
    json(PersonView::from(web.app.person(&caller, id).await?))
}

async fn change(
    State(web): State<Web>,
    ApiCaller(caller): ApiCaller,
    Path(PersonPath { id }): Path<PersonPath>,
    Body(body): Body<PersonBody>,
) -> Answered {
    json(PersonView::from(web.app.change_person(&caller, id, body.into()).await?))
}
