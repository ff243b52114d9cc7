//! The week: what is late and on whom it waits, what comes due, what was done, who was told, and why. Everybody sees
//! the part of it their reach gives them.

mod rows;

use askama::Template;
use axum::{Router, extract::Query, routing::get};
use throughline_app::{
    AppError,
    gates::escaped,
    week::{Choices, Narrow, Show},
};
use throughline_http::Web;
use throughline_store::{Cursor, HandoffFilter, ToldPlace};

use crate::{
    answer::html,
    chrome::{Chrome, Place},
    form::Posted,
    i18n::{Key, Text},
    key,
    pages::deals::{cursor, named},
    ui::{Choice, Field, Tab},
    visit::{Answer, Visit},
};
use rows::{ClockRow, ToldDay};

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new().route("/week", get(show))
}

/// How many handoffs a part of the overview looks at, and how many times somebody was told it shows.
const GLANCE: u32 = 10;
/// The most clocks of a part on the overview; a handoff may have several.
const MOST_ROWS: usize = 20;
/// How many handoffs a part looks at where the page shows it alone.
const PAGE: u32 = 50;

/// A part of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Late,
    Told,
    Coming,
    Done,
}

impl Part {
    const ALL: [Self; 4] = [Self::Late, Self::Told, Self::Coming, Self::Done];

    fn name(self) -> &'static str {
        match self {
            Self::Late => "late",
            Self::Told => "told",
            Self::Coming => "coming",
            Self::Done => "done",
        }
    }

    fn title(self) -> Key {
        match self {
            Self::Late => key!("week-late"),
            Self::Told => key!("week-told"),
            Self::Coming => key!("week-coming"),
            Self::Done => key!("week-done"),
        }
    }

    fn about(self) -> Key {
        match self {
            Self::Late => key!("week-late-text"),
            Self::Told => key!("week-told-text"),
            Self::Coming => key!("week-coming-text"),
            Self::Done => key!("week-done-text"),
        }
    }

    /// What stands there when it is empty.
    fn empty(self) -> Key {
        match self {
            Self::Late => key!("week-late-none"),
            Self::Told => key!("week-told-none"),
            Self::Coming => key!("week-coming-none"),
            Self::Done => key!("week-done-none"),
        }
    }

    fn shows(self) -> Option<Show> {
        match self {
            Self::Late => Some(Show::Late),
            Self::Coming => Some(Show::Coming),
            Self::Done => Some(Show::Done),
            Self::Told => None,
        }
    }
}

/// A part as the page shows it.
struct Section {
    part: Part,
    title: String,
    about: String,
    empty: String,
    clocks: Vec<ClockRow>,
    told: Vec<ToldDay>,
    /// All of it, from the overview.
    all: Option<String>,
    /// The beginning and the next page, where it is shown alone.
    first: Option<String>,
    next: Option<String>,
}

impl Section {
    fn is_empty(&self) -> bool {
        self.clocks.is_empty() && self.told.is_empty()
    }

    /// The last column of its clocks: what was told of them, or when they were done.
    fn is_done(&self) -> bool {
        self.part == Part::Done
    }
}

#[derive(Template)]
#[template(path = "pages/week.html")]
struct WeekPage {
    chrome: Chrome,
    t: Text,
    span: String,
    tabs: Vec<Tab>,
    filters: Vec<(Field, Vec<Choice>)>,
    /// The part that is shown, for the form of the filters.
    shown: Option<&'static str>,
    filtered: bool,
    clear: String,
    sections: Vec<Section>,
}

async fn show(visit: Visit, Query(query): Query<Vec<(String, String)>>) -> Answer {
    let app = &visit.web.app;
    let t = &visit.t;
    let query = Posted { action: String::new(), fields: query };
    let only = Part::ALL.into_iter().find(|part| query.get("show") == Some(part.name()));
    let narrow = Narrow {
        person: query.get("person").and_then(|id| id.parse().ok()),
        team: query.get("team").and_then(|id| id.parse().ok()),
        playbook: query.get("playbook").map(|name| name.chars().take(200).collect()),
    };
    let asked: String = ["team", "person", "playbook"]
        .into_iter()
        .filter_map(|name| query.get(name).map(|value| format!("{name}={}&", escaped(value.trim()))))
        .collect();
    let address = |part: Option<Part>, after: Option<String>| {
        let part = part.map(|part| format!("show={}&", part.name())).unwrap_or_default();
        let after = after.map(|after| format!("after={}", escaped(&after))).unwrap_or_default();
        let asked = format!("{part}{asked}{after}");
        let asked = asked.trim_end_matches('&');
        if asked.is_empty() { "/week".to_owned() } else { format!("/week?{asked}") }
    };
    let mut sections = Vec::new();
    for part in Part::ALL.into_iter().filter(|part| only.is_none_or(|only| only == *part)) {
        let after = only.and_then(|_| query.get("after"));
        let (clocks, told, next) = read(&visit, &narrow, part, after, only.is_some()).await?;
        let nothing = clocks.is_empty() && told.is_empty() && next.is_none();
        sections.push(Section {
            title: t.get(part.title()).into_owned(),
            about: t.get(part.about()).into_owned(),
            empty: t.get(part.empty()).into_owned(),
            clocks,
            told,
            all: (only.is_none() && !nothing).then(|| address(Some(part), None)),
            first: only.and(after).map(|_| address(Some(part), None)),
            next: next.filter(|_| only.is_some()).map(|next| address(Some(part), Some(next))),
            part,
        });
    }
    let now = app.now();
    let far = throughline_app::week::DAYS;
    let ends = (now.checked_sub(far).unwrap_or(now), now.checked_add(far).unwrap_or(now));
    let span = (("from", t.day(t.local_date(ends.0))), ("until", t.day(t.local_date(ends.1))));
    let tab = |part: Option<Part>, label: String| Tab {
        label,
        href: address(part, None),
        current: part == only,
        count: None,
    };
    // The list has a row for each clock, so the figure says what it counts.
    let late = late_handoffs(&visit, &narrow).await?.filter(|late| *late > 0);
    let label = |part: Part| match late.filter(|_| part == Part::Late) {
        Some(late) => t.with(key!("week-late-deals"), ("n", late)).into_owned(),
        None => t.get(part.title()).into_owned(),
    };
    let tabs = std::iter::once(tab(None, t.get(key!("week-overview")).into_owned()))
        .chain(Part::ALL.into_iter().map(|part| tab(Some(part), label(part))))
        .collect();
    let choices = app.week_choices(&visit.caller).await?;
    let page = WeekPage {
        chrome: visit.chrome(Some(Place::Week)),
        span: t.with(key!("week-span"), span).into_owned(),
        tabs,
        filters: filters(t, &query, choices),
        shown: only.map(Part::name),
        filtered: !asked.is_empty(),
        clear: only.map_or_else(|| "/week".to_owned(), |part| format!("/week?show={}", part.name())),
        sections,
        t: t.clone(),
    };
    Ok(html(&page))
}

type Read = (Vec<ClockRow>, Vec<ToldDay>, Option<String>);

/// Reads one part, and where it goes on.
async fn read(
    visit: &Visit,
    narrow: &Narrow,
    part: Part,
    after: Option<&str>,
    alone: bool,
) -> Result<Read, AppError> {
    let app = &visit.web.app;
    // What was done lies among handoffs that only changed: a glance looks further for it, and shows as little.
    let limit = if alone || part == Part::Done { PAGE } else { GLANCE };
    let Some(show) = part.shows() else {
        let page = app.week_told(&visit.caller, narrow, after.and_then(told_place), limit).await?;
        let next = page.next.map(|place| format!("{}~{}~{}", place.second, place.handoff, place.seq));
        return Ok((Vec::new(), rows::told(visit, page.rows), next));
    };
    let sort =
        if show == Show::Done { throughline_store::Sort::Updated } else { throughline_store::Sort::Due };
    let after: Option<Cursor> = after.and_then(cursor).filter(|after| after.fits(sort));
    let mut page = app.week(&visit.caller, narrow, show, after, limit).await?;
    if !alone {
        page.rows.truncate(MOST_ROWS);
    }
    Ok((rows::clocks(visit, page.rows), Vec::new(), page.next.map(|next| named(&next))))
}

/// The place among what was told that an address names; none for anything else.
fn told_place(text: &str) -> Option<ToldPlace> {
    let mut parts = text.splitn(3, '~');
    let (second, handoff, seq) = (parts.next()?, parts.next()?, parts.next()?);
    Some(ToldPlace { second: second.parse().ok()?, handoff: handoff.parse().ok()?, seq: seq.parse().ok()? })
}

/// How many handoffs are late, for the tab; none where the page is narrowed to people, whose count the list tells.
async fn late_handoffs(visit: &Visit, narrow: &Narrow) -> Result<Option<u64>, AppError> {
    if narrow.person.is_some() || narrow.team.is_some() {
        return Ok(None);
    }
    let filter = HandoffFilter {
        life: ["live".to_owned()].into(),
        playbook: narrow.playbook.clone(),
        due_before: Some(visit.web.app.now()),
        ..HandoffFilter::default()
    };
    let late = visit.web.app.count_handoffs(&visit.caller, &filter, 999).await?;
    Ok(Some(u64::from(late)))
}

fn filters(t: &Text, query: &Posted, choices: Choices) -> Vec<(Field, Vec<Choice>)> {
    let field = |name: &str, label: Key| Field::new(name, t.get(label)).value(query.typed(name));
    let choice = |name: &str, value: String, label: String| {
        let chosen = query.get(name) == Some(value.as_str());
        Choice::new(value, label).chosen(chosen)
    };
    let teams: Vec<_> =
        choices.teams.into_iter().map(|team| choice("team", team.id.to_string(), team.name)).collect();
    let people: Vec<_> = choices
        .people
        .into_iter()
        .map(|person| choice("person", person.id.to_string(), person.name))
        .collect();
    let playbooks: Vec<_> =
        choices.playbooks.into_iter().map(|name| choice("playbook", name.clone(), name)).collect();
    [
        (field("team", key!("week-team")), teams),
        (field("person", key!("week-person")), people),
        (field("playbook", key!("week-playbook")), playbooks),
    ]
    .into_iter()
    .filter(|(_, choices)| choices.len() > 1)
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_among_what_was_told_comes_back_from_its_address_and_nonsense_leads_nowhere() {
        let text = "-5~0197a000-0000-7000-8000-000000000001~7";
        let place = told_place(text).unwrap();
        assert_eq!((place.second, place.seq), (-5, 7));
        for nonsense in ["", "1", "1~2", "1~0197a000-0000-7000-8000-000000000001~-1", "~~", "x~y~z"] {
            assert_eq!(told_place(nonsense), None, "{nonsense}");
        }
    }
}
