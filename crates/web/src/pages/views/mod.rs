//! Saved views: tabs above the list and the board, and the page where they are named, shared, pinned and removed.

use askama::Template;
use axum::{Router, extract::Path, routing::get};
use throughline_app::{
    AppError,
    views::{MyView, NewView, query_of},
};
use throughline_domain::{TeamId, access::Action};
use throughline_http::Web;
use throughline_store::{SavedView, Shared, Team, ViewChoice, ViewPlace};
use uuid::Uuid;

use crate::{
    answer::{html, html_with, safe_path},
    chrome::Chrome,
    form::Posted,
    i18n::{Key, Text},
    key,
    pages::{
        deals::address,
        parts::{self, Wrong},
    },
    ui::{Choice, Field, Tab, Tone},
    visit::{Answer, Visit},
};

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/views", get(show).post(save))
        .route("/views/{id}", get(parts::above).post(change))
        .route("/views/{id}/choice", get(above_choice).post(choose))
        .route("/views/{id}/remove", get(above_choice).post(remove))
}

/// The most tabs above a list; the others are behind them.
const TABS: usize = 8;

fn path_of(place: ViewPlace) -> &'static str {
    match place {
        ViewPlace::Deals => "/deals",
        ViewPlace::Board => "/board",
    }
}

fn address_of(view: &SavedView) -> String {
    address(path_of(view.place), &query_of(&view.filter))
}

/// What stands above a list or the board: its views, and how what is shown becomes one.
pub struct Bar {
    /// All, and the views the reader pinned.
    pub tabs: Vec<Tab>,
    /// The others they see.
    pub more: Vec<Tab>,
    /// Where the page opens, when the reader said so.
    pub first: Option<String>,
    /// What is shown could be saved.
    pub save: Option<SaveForm>,
    path: &'static str,
    all: String,
}

/// The form that saves what is shown.
pub struct SaveForm {
    place: &'static str,
    query: String,
    back: String,
    name: Field,
    shared: Option<(Field, Vec<Choice>)>,
}

impl SaveForm {
    /// Which page's view it becomes.
    pub fn place(&self) -> &str {
        self.place
    }

    /// Its filters.
    pub fn query(&self) -> &str {
        &self.query
    }

    /// Where to go afterwards.
    pub fn back(&self) -> &str {
        &self.back
    }

    /// Its name.
    pub fn name(&self) -> &Field {
        &self.name
    }

    /// With whom, where there is a choice.
    pub fn shared(&self) -> Option<&(Field, Vec<Choice>)> {
        self.shared.as_ref()
    }
}

impl Bar {
    /// The views of a page that now shows what `query` asks for.
    pub async fn of(visit: &Visit, place: ViewPlace, query: &str) -> Result<Self, AppError> {
        let t = &visit.t;
        let views = visit.web.app.my_views(&visit.caller).await?;
        let mut here: Vec<MyView> = views.into_iter().filter(|one| one.view.place == place).collect();
        let first = here.iter().find(|one| one.choice.first).map(|one| address_of(&one.view));
        let shows = |one: &MyView| query_of(&one.view.filter) == query;
        let is_saved = here.iter().any(shows);
        let bare = matches!(query, "" | "as=table");
        // What is shown is always among the tabs; then what is pinned, in the order of names.
        here.sort_by_key(|one| !(one.choice.pinned || shows(one)));
        let pinned = here.iter().filter(|one| one.choice.pinned || shows(one)).count().min(TABS);
        let tab = |one: MyView| Tab {
            current: query_of(&one.view.filter) == query,
            href: address_of(&one.view),
            label: one.view.name,
            count: None,
        };
        let more = here.split_off(pinned).into_iter().map(tab).collect();
        let all = Tab {
            label: t.get(key!("views-all")).into_owned(),
            // With a view to open with, the bare address leads there.
            href: if first.is_some() {
                format!("{}?life=live", path_of(place))
            } else {
                path_of(place).to_owned()
            },
            current: bare && !is_saved,
            count: None,
        };
        let all_href = all.href.clone();
        let tabs = std::iter::once(all).chain(here.into_iter().map(tab)).collect();
        let save = if bare || is_saved { None } else { Some(save_form(visit, place, query, None).await?) };
        Ok(Self { tabs, more, first, save, path: path_of(place), all: all_href })
    }

    /// Where the page shows everything.
    pub fn all(&self) -> &str {
        &self.all
    }

    /// Where the page shows what a query asks for, from the beginning.
    pub fn begin(&self, query: &str) -> String {
        if query.is_empty() { self.all.clone() } else { address(self.path, query) }
    }

    /// Whether there is anything but the list itself.
    pub fn is_needed(&self) -> bool {
        self.tabs.len() > 1 || !self.more.is_empty() || self.save.is_some()
    }
}

async fn save_form(
    visit: &Visit,
    place: ViewPlace,
    query: &str,
    typed: Option<(&Posted, &Wrong)>,
) -> Result<SaveForm, AppError> {
    let t = &visit.t;
    let wrong = typed.map(|(_, wrong)| wrong);
    let name = Field::new("name", t.get(key!("views-name")))
        .id("view-name")
        .hint(t.get(key!("views-name-hint")))
        .value(typed.map_or("", |(posted, _)| posted.typed("name")))
        .error(parts::at(wrong, "name"))
        .required();
    let chosen = typed.map_or("nobody", |(posted, _)| posted.typed("shared"));
    Ok(SaveForm {
        place: place.name(),
        query: query.to_owned(),
        back: address(path_of(place), query),
        name,
        shared: shares(visit, "view-shared", chosen).await?,
    })
}

/// With whom the reader may share; none where with nobody.
async fn shares(visit: &Visit, id: &str, chosen: &str) -> Result<Option<(Field, Vec<Choice>)>, AppError> {
    let t = &visit.t;
    let (teams, all) = visit.web.app.may_share_with(&visit.caller).await?;
    if teams.is_empty() && !all {
        return Ok(None);
    }
    let choice = |value: String, label: String| {
        let is_chosen = value == chosen;
        Choice::new(value, label).chosen(is_chosen)
    };
    let mut choices = vec![choice("nobody".to_owned(), t.get(key!("views-shared-nobody")).into_owned())];
    choices.extend(teams.into_iter().map(|Team { id, name, .. }| {
        choice(id.to_string(), t.with(key!("views-shared-team"), ("team", name)).into_owned())
    }));
    if all {
        choices.push(choice("all".to_owned(), t.get(key!("views-shared-all")).into_owned()));
    }
    Ok(Some((Field::new("shared", t.get(key!("views-shared"))).id(id).required(), choices)))
}

/// A field with whom a view is shared, and what can be chosen.
type Sharing = (Field, Vec<Choice>);

/// Whom a form shares with.
fn shared_of(posted: &Posted) -> Result<Shared, AppError> {
    Ok(match posted.get("shared") {
        None | Some("nobody") => Shared::Nobody,
        Some("all") => Shared::Organisation,
        Some(_) => Shared::Team { team: posted.parse::<TeamId>("shared")? },
    })
}

/// A view on the page of views.
struct Row {
    id: Uuid,
    name: String,
    href: String,
    /// List or board, and what it is narrowed by.
    about: String,
    /// Whose, and who sees it.
    who: String,
    pinned: bool,
    first: bool,
    version: u64,
    /// To rename and share it, where the reader may.
    form: Option<(Field, Option<Sharing>)>,
}

#[derive(Template)]
#[template(path = "pages/views.html")]
struct ViewsPage {
    t: Text,
    chrome: Chrome,
    rows: Vec<Row>,
    /// What was refused, and the form it was asked with.
    refused: Option<String>,
    again: Option<SaveForm>,
}

async fn show(visit: Visit) -> Answer {
    visit.caller.may(Action::Read)?;
    Ok(html(&page(&visit, None, None).await?))
}

async fn page(
    visit: &Visit,
    refused: Option<String>,
    again: Option<SaveForm>,
) -> Result<ViewsPage, AppError> {
    let (t, app) = (&visit.t, &visit.web.app);
    let views = app.my_views(&visit.caller).await?;
    let owners = app.named(visit.caller.org, views.iter().map(|one| one.view.owner)).await?;
    let teams = app.list_teams(&visit.caller).await.unwrap_or_default();
    let mut rows = Vec::with_capacity(views.len());
    for one in views {
        let MyView { view, choice, may_change } = one;
        let shared = match view.shared {
            Shared::Nobody => "nobody".to_owned(),
            Shared::Team { team } => team.to_string(),
            Shared::Organisation => "all".to_owned(),
        };
        let form = match may_change {
            true => {
                let name = Field::new("name", t.get(key!("views-name"))).id(format!("name-{}", view.id));
                let shares = shares(visit, &format!("shared-{}", view.id), &shared).await?;
                Some((name.value(view.name.clone()).required(), shares))
            }
            false => None,
        };
        let owner = owners.get(&view.owner).map_or_else(String::new, |person| person.name.clone());
        rows.push(Row {
            href: address_of(&view),
            about: about(t, &view),
            who: whose(t, visit, &view, owner, &teams),
            pinned: choice.pinned,
            first: choice.first,
            version: view.version,
            id: view.id,
            name: view.name,
            form,
        });
    }
    Ok(ViewsPage { chrome: visit.chrome(None), t: t.clone(), rows, refused, again })
}

fn whose(t: &Text, visit: &Visit, view: &SavedView, owner: String, teams: &[Team]) -> String {
    let owner = if visit.caller.person() == Some(view.owner) {
        t.get(key!("views-yours")).into_owned()
    } else {
        owner
    };
    match view.shared {
        Shared::Nobody => t.with(key!("views-of-nobody"), ("owner", owner)).into_owned(),
        Shared::Organisation => t.with(key!("views-of-all"), ("owner", owner)).into_owned(),
        Shared::Team { team } => {
            let team = teams.iter().find(|one| one.id == team).map_or("", |one| one.name.as_str());
            t.with(key!("views-of-team"), (("owner", owner), ("team", team))).into_owned()
        }
    }
}

/// Of which page it is, and by what it is narrowed.
fn about(t: &Text, view: &SavedView) -> String {
    let place = match view.place {
        ViewPlace::Deals => t.get(key!("nav-deals")),
        ViewPlace::Board => t.get(key!("nav-board")),
    };
    let mut names: Vec<String> = Vec::new();
    for (name, _) in &view.filter {
        let label = t.get(filter_key(name)).into_owned();
        if !names.contains(&label) {
            names.push(label);
        }
    }
    if names.is_empty() {
        return place.into_owned();
    }
    t.with(key!("views-about"), (("place", place), ("filters", t.list(&names)))).into_owned()
}

/// A filter's label.
fn filter_key(name: &str) -> Key {
    match name {
        "ae" => key!("role-ae"),
        "bypassed" => key!("deals-bypassed"),
        "credit" => key!("board-credit"),
        "csm" => key!("role-csm"),
        "due" => key!("deals-due-before"),
        "incomplete" => key!("deals-incomplete"),
        "kickoff" => key!("board-kickoff"),
        "life" => key!("deals-life"),
        "owes" => key!("deals-col-next"),
        "playbook" => key!("week-playbook"),
        "q" => key!("deals-search"),
        "questions" => key!("board-questions"),
        "refused" => key!("board-refused"),
        "segment" => key!("board-segment"),
        "source" => key!("board-source"),
        "stage" => key!("deals-stage"),
        "team" => key!("board-team"),
        "waivers" => key!("board-waivers"),
        "when" => key!("board-lateness"),
        "as" => key!("board-as-table"),
        _ => key!("deals-sort"),
    }
}

async fn save(visit: Visit, posted: Posted) -> Answer {
    let place = if posted.get("place") == Some("board") { ViewPlace::Board } else { ViewPlace::Deals };
    let query = posted.get("query").unwrap_or_default().to_owned();
    let saved = async {
        let shared = shared_of(&posted)?;
        let name = posted.typed("name").to_owned();
        visit.web.app.save_view(&visit.caller, NewView { name, place, query: query.clone(), shared }).await
    };
    match saved.await {
        Ok(view) => {
            let text = visit.t.with(key!("views-saved"), ("name", view.name.as_str()));
            Ok(visit.back(&address_of(&view), Tone::Good, &text))
        }
        Err(why) => {
            let wrong = Wrong::of(&visit.t, why)?;
            let refused = parts::beside(Some(&wrong), &["name"]);
            let form = save_form(&visit, place, &query, Some((&posted, &wrong))).await?;
            Ok(html_with(wrong.status, &page(&visit, refused, Some(form)).await?))
        }
    }
}

fn id_of(id: &str) -> Result<Uuid, AppError> {
    id.parse().map_err(|_| AppError::NotFound("view"))
}

async fn above_choice() -> axum::response::Response {
    crate::answer::redirect("/views", None)
}

async fn change(visit: Visit, Path(id): Path<String>, posted: Posted) -> Answer {
    let id = id_of(&id)?;
    let changed = async {
        let shared = posted.get("shared").map(|_| shared_of(&posted)).transpose()?;
        let name = Some(posted.need("name")?);
        visit.web.app.change_view(&visit.caller, id, name, None, shared, posted.version()).await
    };
    match changed.await {
        Ok(view) => {
            let text = visit.t.with(key!("views-changed"), ("name", view.name.as_str()));
            Ok(visit.back("/views", Tone::Good, &text))
        }
        Err(why) => again(&visit, why).await,
    }
}

async fn choose(visit: Visit, Path(id): Path<String>, posted: Posted) -> Answer {
    let id = id_of(&id)?;
    let choice = ViewChoice { pinned: posted.ticked("pinned"), first: posted.ticked("first") };
    match visit.web.app.choose_view(&visit.caller, id, choice).await {
        Ok(()) => {
            let to = posted.get("back").map_or("/views", safe_path);
            Ok(visit.back(to, Tone::Good, &visit.t.get(key!("views-chosen"))))
        }
        Err(why) => again(&visit, why).await,
    }
}

async fn remove(visit: Visit, Path(id): Path<String>) -> Answer {
    match visit.web.app.remove_view(&visit.caller, id_of(&id)?).await {
        Ok(()) => Ok(visit.back("/views", Tone::Good, &visit.t.get(key!("views-removed")))),
        Err(why) => again(&visit, why).await,
    }
}

async fn again(visit: &Visit, why: AppError) -> Answer {
    let wrong = Wrong::of(&visit.t, why)?;
    let refused = Some(wrong.text.clone());
    Ok(html_with(wrong.status, &page(visit, refused, None).await?))
}
