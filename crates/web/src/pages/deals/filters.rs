//! The filters of the list and of the board: read from the address, shown as a form, kept in every link.
//!
//! What cannot be read asks for nothing: an old link still shows a list.

use std::collections::{BTreeMap, BTreeSet};

use throughline_app::{
    AppError,
    views::{FILTERS, filter_of, query_of},
};
use throughline_domain::{
    PersonId, Role, TeamId,
    access::{Action, allowed_somewhere},
};
use throughline_store::{Credit, HandoffFilter, Page, Person, PersonStatus, Sort};

use crate::{
    form::Posted,
    i18n::{Key, Text},
    key,
    pages::people::pick::{self, Pick},
    ui::{Choice, Field},
    visit::Visit,
};

/// The first people by name, and whether there are more.
type People = Page<Person, (String, PersonId)>;

/// In the place of a CSM: where nobody is one.
const NOBODY: &str = "none";
/// In the place of a person: whoever reads.
const ME: &str = "me";

/// The stages, by their names in data.
pub const STAGES: [(&str, Key); 4] = [
    ("preparing", key!("stage-preparing")),
    ("offered", key!("stage-offered")),
    ("assigned", key!("stage-assigned")),
    ("owned", key!("stage-owned")),
];

const LIVES: [(&str, Key); 7] = [
    ("live", key!("deals-life-live")),
    ("done", key!("stage-done")),
    ("withdrawn", key!("stage-withdrawn")),
    ("cancelled", key!("stage-cancelled")),
    ("history", key!("stage-history")),
    ("out_of_scope", key!("stage-out-of-scope")),
    ("all", key!("deals-life-all")),
];

const SORTS: [(Sort, &str, Key); 6] = [
    (Sort::Due, "due", key!("deals-sort-due")),
    (Sort::Updated, "updated", key!("deals-sort-updated")),
    (Sort::Signature, "signature", key!("deals-sort-signature")),
    (Sort::Account, "account", key!("deals-sort-account")),
    (Sort::Missing, "missing", key!("deals-sort-missing")),
    (Sort::Amount, "amount", key!("deals-sort-amount")),
];

const WHENS: [(&str, Key); 3] =
    [("late", key!("board-late")), ("soon", key!("board-soon")), ("later", key!("board-later"))];

const KICKOFFS: [(&str, Key); 2] =
    [("ahead", key!("board-kickoff-ahead")), ("held", key!("board-kickoff-held"))];

/// How a credit stands, in words.
pub fn credit_key(credit: Credit) -> Key {
    match credit {
        Credit::Open => key!("board-credit-open"),
        Credit::Refused => key!("board-credit-refused"),
        Credit::Released => key!("board-credit-released"),
        Credit::Waived => key!("board-credit-waived"),
        Credit::Bypassed => key!("board-credit-bypassed"),
    }
}

/// What an address asks for.
pub struct Asked {
    query: Posted,
    /// What is wrong with who was typed, by field.
    wrong: BTreeMap<String, String>,
    /// As the store is asked.
    pub filter: HandoffFilter,
    /// In which order.
    pub sort: Sort,
}

impl Asked {
    /// Reads the query of an address.
    pub async fn read(visit: &Visit, query: Vec<(String, String)>) -> Result<Self, AppError> {
        let mut query = Posted { action: String::new(), fields: query };
        let wrong = typed_people(visit, &mut query).await;
        let sort = SORTS.iter().find(|(_, name, _)| query.get("sort") == Some(name));
        let mut filter = filter(visit, &query);
        if let Some(team) = query.get("team") {
            filter.parts = Some(match team.parse::<TeamId>() {
                Ok(team) => visit.web.app.people_of_team(&visit.caller, team).await?,
                // Their own team, also in a view that others share.
                Err(_) => match visit.me.team {
                    Some(team) => visit.web.app.people_of_team(&visit.caller, team).await?,
                    None => BTreeSet::new(),
                },
            });
        }
        Ok(Self { filter, wrong, sort: sort.map_or(Sort::Due, |(sort, ..)| *sort), query })
    }

    /// A value of the address.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.query.get(name)
    }

    /// The filters as an address has them, without the place in the list and without what is so by itself; the same for
    /// the same filters.
    pub fn canonical(&self) -> String {
        self.without(&[])
    }

    /// The same without some.
    pub fn without(&self, names: &[&str]) -> String {
        let kept = self.query.fields.iter().filter(|(name, _)| !names.contains(&name.as_str()));
        let known = kept.filter(|(name, value)| {
            let by_itself = matches!((name.as_str(), value.as_str()), ("life", "live") | ("sort", "due"));
            !by_itself && FILTERS.contains(&name.as_str())
        });
        let pairs: Vec<(String, String)> = known.cloned().collect();
        // Put in one order, as saved views are.
        filter_of(&query_of(&pairs)).map(|filter| query_of(&filter)).unwrap_or_default()
    }

    /// Whether anything narrows the list.
    pub fn narrows(&self) -> bool {
        !self.without(&["sort", "as"]).is_empty()
    }

    /// Whether it is the list of the reader's own deals, or one nobody narrowed.
    pub fn is_own(&self, me: PersonId) -> bool {
        !self.narrows()
            || self.filter.ae == Some(me) && self.without(&["ae", "life", "sort", "as"]).is_empty()
    }
}

fn filter(visit: &Visit, query: &Posted) -> HandoffFilter {
    let one_of = |name: &str, known: &[&str]| -> BTreeSet<String> {
        query.all(name).filter(|value| known.contains(value)).map(str::to_owned).collect()
    };
    let names = |list: &[(&'static str, Key)]| list.iter().map(|(name, _)| *name).collect::<Vec<_>>();
    let person = |name: &str| match query.get(name)? {
        ME => visit.caller.person(),
        id => id.parse().ok(),
    };
    let word = |name: &str| query.get(name).map(|word| word.chars().take(200).collect::<String>());
    let mut life = one_of("life", &names(&LIVES));
    if query.get("life").is_none() {
        life.insert("live".to_owned());
    }
    if life.contains("all") {
        life.clear();
    }
    let lateness = visit.web.app.lateness();
    let (from, before) = match query.get("when") {
        Some("late") => (None, Some(lateness.now)),
        Some("soon") => (Some(lateness.now), Some(lateness.soon)),
        Some("later") => (Some(lateness.soon), None),
        _ => (None, None),
    };
    let due = query.opt_moment("due", &visit.t).ok().flatten();
    HandoffFilter {
        life,
        stage: one_of("stage", &names(&STAGES)),
        ae: person("ae"),
        csm: person("csm"),
        owes: person("owes"),
        playbook: word("playbook"),
        text: word("q"),
        incomplete: query.ticked("incomplete").then_some(true),
        bypassed: query.ticked("bypassed").then_some(true),
        open_waivers: query.ticked("waivers").then_some(true),
        open_questions: query.ticked("questions").then_some(true),
        refused: query.ticked("refused").then_some(true),
        nominated: (query.get("csm") == Some(NOBODY)).then_some(false),
        due_from: from,
        due_before: [before, due].into_iter().flatten().min(),
        segment: word("segment"),
        lead_source: word("source"),
        credit: one_of("credit", &Credit::ALL.map(Credit::name)),
        kicked_off: match query.get("kickoff") {
            Some("held") => Some(true),
            Some("ahead") => Some(false),
            _ => None,
        },
        ..HandoffFilter::default()
    }
}

/// The form of the filters.
pub struct Bar {
    /// Where it leads.
    pub action: &'static str,
    /// The same without filters.
    pub clear: String,
    /// The text.
    pub text: Field,
    /// What is chosen most.
    pub first: Vec<Pick>,
    /// The rest.
    pub more: Vec<(Field, Vec<Choice>)>,
    /// A day before which something is due.
    pub due: Field,
    /// What is so or is not.
    pub ticks: Vec<Field>,
    /// What the address asks for and the form does not show.
    pub hidden: Vec<(String, String)>,
    /// Whether the rest is in use.
    pub is_open: bool,
    /// How many filters are in use.
    pub count: usize,
}

impl Bar {
    /// The form for what is asked; on the board without what the board itself shows.
    pub async fn of(
        visit: &Visit,
        asked: &Asked,
        action: &'static str,
        clear: String,
    ) -> Result<Self, AppError> {
        let (t, app) = (&visit.t, &visit.web.app);
        let query = &asked.query;
        let on_board = action == "/board";
        let field = |name: &str, label: Key| Field::new(name, t.get(label)).value(query.typed(name));
        let options = |list: &[(&str, Key)], chosen: &str| -> Vec<Choice> {
            list.iter()
                .map(|(value, key)| Choice::new(*value, t.get(*key)).chosen(*value == chosen))
                .collect()
        };
        let people = app.list_people(&visit.caller, None, None, pick::MOST).await.ok();
        let words = app.deal_words(&visit.caller).await?;
        let worded = |words: Vec<String>, name: &str| -> Vec<Choice> {
            let chosen = query.get(name);
            let missing = chosen.filter(|chosen| !words.iter().any(|word| word == chosen)).map(str::to_owned);
            let all = words.into_iter().chain(missing);
            all.map(|word| Choice::new(word.clone(), word.clone()).chosen(chosen == Some(&word))).collect()
        };
        let stage = (field("stage", key!("deals-stage")), options(&STAGES, query.typed("stage")));
        let when = (field("when", key!("board-lateness")), options(&WHENS, query.typed("when")));
        let ae = seated(visit, asked, field("ae", key!("role-ae")), people.as_ref(), Role::Ae).await?;
        let csm = seated(visit, asked, field("csm", key!("role-csm")), people.as_ref(), Role::Csm).await?;
        let team = (field("team", key!("board-team")), teams(visit, query).await?);
        let segment = (field("segment", key!("board-segment")), worded(words.segments, "segment"));
        let source = (field("source", key!("board-source")), worded(words.lead_sources, "source"));
        let credits = Credit::ALL.map(|credit| (credit.name(), credit_key(credit)));
        let credit = (field("credit", key!("board-credit")), options(&credits, query.typed("credit")));
        let kickoff = (field("kickoff", key!("board-kickoff")), options(&KICKOFFS, query.typed("kickoff")));
        let life = (field("life", key!("deals-life")), options(&LIVES, query.get("life").unwrap_or("live")));
        let sorts = SORTS.map(|(_, name, key)| (name, key));
        let sort = (field("sort", key!("deals-sort")), options(&sorts, query.get("sort").unwrap_or("due")));
        let mut more = vec![team, segment, source, credit, kickoff, life];
        if !on_board {
            more.push(sort);
        }
        more.retain(|(_, choices)| !choices.is_empty());
        let tick = |name: &str, label: Key| field(name, label).ticked(query.ticked(name));
        let ticks = vec![
            tick("incomplete", key!("deals-incomplete")),
            tick("refused", key!("board-refused")),
            tick("bypassed", key!("deals-bypassed")),
            tick("waivers", key!("board-waivers")),
            tick("questions", key!("board-questions")),
        ];
        let hidden = ["owes", "playbook", "as"].into_iter();
        let hidden = hidden.filter_map(|name| Some((name.to_owned(), query.get(name)?.to_owned()))).collect();
        let behind =
            ["team", "segment", "source", "credit", "kickoff", "life", "due", "incomplete", "refused"];
        let behind = behind.into_iter().chain(["bypassed", "waivers", "questions"]);
        let in_use = |name: &&str| query.get(name).is_some_and(|value| (*name, value) != ("life", "live"));
        let behind: Vec<&str> = behind.filter(in_use).collect();
        let shown =
            ["q", "stage", "when", "ae", "csm", "owes", "playbook"].into_iter().filter(in_use).count();
        Ok(Self {
            action,
            clear,
            text: field("q", key!("deals-search")),
            first: vec![Pick::list(stage.0, stage.1), Pick::list(when.0, when.1), ae, csm],
            more,
            due: field("due", key!("deals-due-before")),
            ticks,
            hidden,
            is_open: !behind.is_empty(),
            count: shown + behind.len(),
        })
    }
}

/// Who may sit in a role's seat, themselves first; who is chosen, whatever they are. Where there are too many for a list
/// somebody is typed.
async fn seated(
    visit: &Visit,
    asked: &Asked,
    field: Field,
    people: Option<&People>,
    role: Role,
) -> Result<Pick, AppError> {
    let (t, query): (&Text, &Posted) = (&visit.t, &asked.query);
    let name = field.name.clone();
    let chosen = query.get(&name);
    let mut choices = Vec::new();
    if visit.caller.roles().contains(&role) || chosen == Some(ME) {
        choices.push(Choice::new(ME, t.get(key!("board-me"))).chosen(chosen == Some(ME)));
    }
    if role == Role::Csm {
        let nobody = Choice::new(NOBODY, t.get(key!("queue-unnominated")));
        choices.push(nobody.chosen(chosen == Some(NOBODY)));
    }
    if people.is_some_and(|people| people.next.is_some()) {
        let id = chosen.and_then(|chosen| chosen.parse::<PersonId>().ok());
        let known = visit.web.app.named(visit.caller.org, id).await?.into_values().next();
        let special = choices.iter().find(|choice| choice.chosen).map(|choice| choice.label.clone());
        let shown = special.or(known.as_ref().map(pick::written)).or(chosen.map(str::to_owned));
        let field = field.value(shown.unwrap_or_default()).error(asked.wrong.get(&name).cloned());
        return Ok(Pick { field, choices, typed: Some(pick::ANYBODY) });
    }
    let held = people.iter().flat_map(|people| &people.rows).filter(|person| {
        let seller_of_old = role == Role::Ae && person.status == PersonStatus::NotInvited;
        let holds = seller_of_old || person.grants.iter().any(|grant| grant.role == role);
        let is_there = person.status != PersonStatus::Deactivated && person.mapped_to.is_none();
        is_there && holds || chosen == Some(&person.id.to_string())
    });
    choices.extend(held.map(|person| {
        let id = person.id.to_string();
        let is_chosen = chosen == Some(id.as_str());
        Choice::new(id, person.name.clone()).chosen(is_chosen)
    }));
    Ok(Pick::list(field, choices))
}

/// Who is typed where a list would be too long becomes who that is, as a link holds them. Who is nobody asks for nothing,
/// and the field says so.
async fn typed_people(visit: &Visit, query: &mut Posted) -> BTreeMap<String, String> {
    let mut wrong = BTreeMap::new();
    let special = [(visit.t.get(key!("board-me")), ME), (visit.t.get(key!("queue-unnominated")), NOBODY)];
    for (name, value) in query.fields.iter_mut().filter(|(name, _)| matches!(name.as_str(), "ae" | "csm")) {
        let typed = value.trim();
        if typed.is_empty() || [ME, NOBODY].contains(&typed) {
            continue;
        }
        if let Some((_, meant)) = special.iter().find(|(label, _)| label == typed) {
            *value = (*meant).to_owned();
            continue;
        }
        match pick::named(visit, name, typed).await {
            Ok(Some(id)) => *value = id.to_string(),
            Ok(None) => {}
            Err(AppError::Invalid { reason, .. }) => {
                wrong.insert(name.clone(), reason);
            }
            // Whoever may see nobody chooses nobody.
            Err(_) => {}
        }
    }
    wrong
}

/// The teams, one's own first.
async fn teams(visit: &Visit, query: &Posted) -> Result<Vec<Choice>, AppError> {
    if !allowed_somewhere(&visit.caller.grants, Action::ReadPeople) {
        return Ok(Vec::new());
    }
    let (t, chosen) = (&visit.t, query.get("team"));
    let mut choices = Vec::new();
    if visit.me.team.is_some() || chosen == Some("mine") {
        choices.push(Choice::new("mine", t.get(key!("board-my-team"))).chosen(chosen == Some("mine")));
    }
    for team in visit.web.app.list_teams(&visit.caller).await? {
        let id = team.id.to_string();
        let is_chosen = chosen == Some(id.as_str());
        choices.push(Choice::new(id, team.name).chosen(is_chosen));
    }
    Ok(choices)
}
