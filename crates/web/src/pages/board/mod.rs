//! The board: handoffs by stage, in each what is late before what is due soon and the rest; as columns or as a table that
//! says the same.

use askama::Template;
use axum::{Router, extract::Query, routing::get};
use throughline_app::{AppError, board};
use throughline_domain::access::Action;
use throughline_http::Web;
use throughline_store::{SPREAD, ViewPlace};

use crate::{
    answer::{html, redirect},
    chrome::{Chrome, Place},
    i18n::Text,
    key,
    pages::{
        deals::{
            address,
            filters::{Asked, Bar},
            row::{Group, grouped, rows},
        },
        views, words,
    },
    ui::{Stage, Tab},
    visit::{Answer, Visit},
};

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new().route("/board", get(show))
}

/// How many cards a column shows at first, and how many more each time.
const SHOWN: u32 = 15;
/// How many it shows at most; the list goes on from there.
const MOST: u32 = 200;

/// A stage with its cards.
struct Column {
    /// The stage's name in data.
    name: String,
    stage: Stage,
    /// How many are there, late and soon.
    count: String,
    late: Option<String>,
    soon: Option<String>,
    groups: Vec<Group>,
    /// More of them here, or all of them in the list.
    more: Option<(String, String)>,
}

impl Column {
    fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }
}

#[derive(Template)]
#[template(path = "pages/board.html")]
struct BoardPage {
    chrome: Chrome,
    t: Text,
    columns: Vec<Column>,
    count: String,
    late: u64,
    filtered: bool,
    may_open: bool,
    /// As a table rather than as columns.
    as_table: bool,
    shapes: Vec<Tab>,
    bar: Bar,
    views: views::Bar,
}

impl BoardPage {
    fn is_empty(&self) -> bool {
        self.columns.iter().all(Column::is_empty)
    }
}

async fn show(visit: Visit, Query(query): Query<Vec<(String, String)>>) -> Answer {
    let t = &visit.t;
    let unasked = query.is_empty();
    let wanted: Vec<(String, u32)> = query
        .iter()
        .filter_map(|(name, value)| Some((name.strip_prefix("more-")?.to_owned(), value.parse().ok()?)))
        .filter(|(stage, _)| board::STAGES.contains(&stage.as_str()))
        .collect();
    let asked = Asked::read(&visit, query).await?;
    let views = views::Bar::of(&visit, ViewPlace::Board, &asked.canonical()).await?;
    if let Some(first) = views.first.as_deref().filter(|_| unasked) {
        return Ok(redirect(first, None));
    }
    let shown = |stage: &str| {
        let more = wanted.iter().find(|(of, _)| of == stage).map_or(SHOWN, |(_, more)| *more);
        more.clamp(1, MOST)
    };
    let found = visit.web.app.board(&visit.caller, &asked.filter, shown).await?;
    let (mut all, mut late) = (0, 0);
    let mut columns = Vec::new();
    for column in found {
        all += u64::from(column.spread.all);
        late += u64::from(column.spread.late);
        let stage = column.spread.stage.clone();
        let more =
            column.next.is_some().then(|| more(&asked, &wanted, &stage, shown(&stage), column.spread.all, t));
        columns.push(made(&visit, column, more).await?);
    }
    let as_table = asked.get("as") == Some("table");
    let plain = asked.without(&["as"]);
    let tabled = if plain.is_empty() { "as=table".to_owned() } else { format!("as=table&{plain}") };
    let shape =
        |label, href: String, current| Tab { label: t.get(label).into_owned(), href, current, count: None };
    let page = BoardPage {
        chrome: visit.chrome(Some(Place::Board)),
        count: if all >= u64::from(SPREAD) {
            t.with(key!("deals-many"), ("n", SPREAD)).into()
        } else {
            t.number(all)
        },
        late,
        filtered: asked.narrows(),
        may_open: visit.caller.may(Action::Open).is_ok(),
        as_table,
        shapes: vec![
            shape(key!("board-as-columns"), views.begin(&plain), !as_table),
            shape(key!("board-as-table"), address("/board", &tabled), as_table),
        ],
        bar: Bar::of(&visit, &asked, "/board", views.all().to_owned()).await?,
        views,
        columns,
        t: t.clone(),
    };
    Ok(html(&page))
}

async fn made(
    visit: &Visit,
    column: board::Column,
    more: Option<(String, String)>,
) -> Result<Column, AppError> {
    let t = &visit.t;
    let some = |count: u32, label| (count > 0).then(|| t.with(label, ("n", count)).into_owned());
    Ok(Column {
        stage: words::stage_named("live", &column.spread.stage),
        count: t.number(column.spread.all),
        late: some(column.spread.late, key!("board-n-late")),
        soon: some(column.spread.soon, key!("board-n-soon")),
        groups: grouped(rows(visit, column.rows).await?),
        name: column.spread.stage,
        more,
    })
}

/// Where more of a column is: here, while that stays one page, and then in the list.
fn more(
    asked: &Asked,
    wanted: &[(String, u32)],
    stage: &str,
    shown: u32,
    all: u32,
    t: &Text,
) -> (String, String) {
    if shown >= MOST {
        let kept = asked.without(&["stage", "as", "sort"]);
        let query = if kept.is_empty() { format!("stage={stage}") } else { format!("{kept}&stage={stage}") };
        return (address("/deals", &query), t.with(key!("board-all-in-list"), ("n", all)).into_owned());
    }
    let next = (shown + SHOWN).min(MOST);
    let others = wanted.iter().filter(|(of, _)| of != stage).map(|(of, more)| format!("more-{of}={more}"));
    let mut parts: Vec<String> = others.collect();
    parts.push(format!("more-{stage}={next}"));
    let kept = asked.canonical();
    parts.extend((!kept.is_empty()).then_some(kept));
    let label = t.with(key!("board-more"), ("n", all.saturating_sub(shown)));
    (format!("/board?{}#more-{stage}", parts.join("&")), label.into_owned())
}
