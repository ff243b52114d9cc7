//! The playbook laid out for editing: what stands in a tab, item by item, one of them open as a form.

use throughline_domain::playbook::{
    Due, Finding,
    edit::{Document, Node, Way},
};

use super::{
    form::{self, Control, Errors},
    names, rule,
    spec::{Part, Pick},
};
use crate::{
    form::Posted,
    i18n::{Key, Text},
    key,
    pages::{playbooks::words, words::word},
};

/// A tab of the editor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    Head,
    Record,
    Gates,
    Steps,
    Promises,
    Review,
    Agenda,
    Plan,
    Ratings,
    Routes,
    Telling,
    Tiers,
}

impl Tab {
    pub const ALL: [Tab; 12] = [
        Tab::Head,
        Tab::Record,
        Tab::Gates,
        Tab::Steps,
        Tab::Promises,
        Tab::Review,
        Tab::Agenda,
        Tab::Plan,
        Tab::Ratings,
        Tab::Routes,
        Tab::Telling,
        Tab::Tiers,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Tab::Head => "head",
            Tab::Record => "record",
            Tab::Gates => "gates",
            Tab::Steps => "steps",
            Tab::Promises => "promises",
            Tab::Review => "review",
            Tab::Agenda => "agenda",
            Tab::Plan => "plan",
            Tab::Ratings => "ratings",
            Tab::Routes => "routes",
            Tab::Telling => "telling",
            Tab::Tiers => "tiers",
        }
    }

    pub fn named(name: &str) -> Tab {
        Tab::ALL.into_iter().find(|tab| tab.name() == name).unwrap_or(Tab::Record)
    }

    pub fn title(self) -> Key {
        match self {
            Tab::Head => key!("editor-tab-head"),
            Tab::Record => key!("playbook-record"),
            Tab::Gates => key!("playbook-gates"),
            Tab::Steps => key!("playbook-steps"),
            Tab::Promises => key!("playbook-promises"),
            Tab::Review => key!("playbook-review"),
            Tab::Agenda => key!("playbook-agenda"),
            Tab::Plan => key!("playbook-plan"),
            Tab::Ratings => key!("playbook-ratings"),
            Tab::Routes => key!("playbook-routes"),
            Tab::Telling => key!("playbook-telling"),
            Tab::Tiers => key!("playbook-tiers"),
        }
    }

    /// The tab a part of the text is edited in.
    pub fn of(way: &Way) -> Tab {
        match way.to_string().split('.').next().unwrap_or_default() {
            "sections" => Tab::Record,
            "gates" => Tab::Gates,
            "steps" => Tab::Steps,
            "promises" => Tab::Promises,
            "offer" | "scorecard" => Tab::Review,
            "agenda" => Tab::Agenda,
            "plan" => Tab::Plan,
            "ratings" => Tab::Ratings,
            "routes" => Tab::Routes,
            "escalation" => Tab::Telling,
            "measurement" => Tab::Tiers,
            _ => Tab::Head,
        }
    }

    /// What stands in it: single forms first, then lists.
    fn content(self) -> (&'static [&'static str], &'static [&'static str]) {
        match self {
            Tab::Head => (&[""], &[]),
            Tab::Record => (&[], &["sections"]),
            Tab::Gates => (&[], &["gates"]),
            Tab::Steps => (&[], &["steps"]),
            Tab::Promises => (&["promises"], &["promises.routing"]),
            Tab::Review => (&["scorecard", "offer"], &["scorecard.categories"]),
            Tab::Agenda => (&[], &["agenda"]),
            Tab::Plan => (&["plan"], &["plan.milestones"]),
            Tab::Ratings => (&[], &["ratings"]),
            Tab::Routes => (&[], &["routes"]),
            Tab::Telling => (&["escalation"], &["escalation.ladder"]),
            Tab::Tiers => (&["measurement"], &["measurement.tiers"]),
        }
    }
}

/// What somebody has open, as they typed it where it was refused.
pub struct Open {
    pub way: Way,
    pub posted: Option<Posted>,
    pub errors: Errors,
}

/// An open form.
pub struct OpenForm {
    pub way: String,
    /// What tells it from others of its list, should they move.
    pub was: String,
    pub controls: Vec<Control>,
    pub faults: Vec<String>,
}

impl OpenForm {
    /// Its fields.
    pub fn controls(&self) -> &[Control] {
        &self.controls
    }
}

/// An item, closed or open.
pub struct Item {
    pub way: String,
    pub list: String,
    pub index: usize,
    pub title: String,
    pub about: String,
    pub kind: String,
    pub faults: usize,
    pub sub: bool,
    pub heading: bool,
    pub first: bool,
    pub last: bool,
    pub single: bool,
    pub open: Option<OpenForm>,
    /// The list within it to which something can be added, with the button's words.
    pub adds: Option<(String, String)>,
}

/// A box of items.
pub struct Group {
    pub title: String,
    pub items: Vec<Item>,
    pub adds: Option<(String, String)>,
}

impl Group {
    /// Its items.
    pub fn items(&self) -> &[Item] {
        &self.items
    }
}

/// What a finding is about.
pub struct Fault {
    pub way: Way,
    pub said: String,
}

/// The parts findings are about.
pub fn faults(document: &Document<'_>, findings: &[Finding]) -> Vec<Fault> {
    findings
        .iter()
        .map(|finding| {
            let hint = finding.hint.as_ref().map(|hint| format!(" ({hint})")).unwrap_or_default();
            let said = format!("{}{hint}", finding.reason);
            Fault { way: document.way_at(finding.line, finding.column), said }
        })
        .collect()
}

/// The innermost part with a form that a way leads into.
pub fn with_form(way: &Way) -> Way {
    let mut way = way.clone();
    while Part::at(&way).is_none() {
        way.0.pop();
    }
    way
}

struct Outline<'o> {
    t: &'o Text,
    document: &'o Document<'o>,
    faults: &'o [Fault],
    open: Option<&'o Open>,
}

/// The boxes of a tab.
pub fn groups(
    t: &Text,
    tab: Tab,
    document: &Document<'_>,
    faults: &[Fault],
    open: Option<&Open>,
) -> Vec<Group> {
    let outline = Outline { t, document, faults, open };
    let (single, lists) = tab.content();
    let mut groups: Vec<Group> = Vec::new();
    let singles: Vec<Item> = single.iter().filter_map(|way| outline.single(&way.parse().ok()?)).collect();
    if !singles.is_empty() {
        let title = t.get(key!("editor-in-general")).into_owned();
        groups.push(Group { title, items: singles, adds: None });
    }
    for list in lists {
        let Ok(list) = list.parse::<Way>() else { continue };
        if list.to_string() == "sections" {
            groups.extend(outline.sections(&list));
        } else {
            groups.extend(outline.list(&list, tab));
        }
    }
    groups
}

impl Outline<'_> {
    fn single(&self, way: &Way) -> Option<Item> {
        let part = Part::at(way)?;
        let node = self.document.get(way)?;
        let t = self.t;
        let about = match part {
            Part::Head => node.text_of("title").unwrap_or_default().to_owned(),
            _ => String::new(),
        };
        let own = |fault: &&Fault| with_form(&fault.way) == *way;
        Some(Item {
            way: way.to_string(),
            list: String::new(),
            index: 0,
            title: t.get(part.name()).into_owned(),
            about,
            kind: String::new(),
            faults: self.faults.iter().filter(own).count(),
            sub: false,
            heading: false,
            first: true,
            last: true,
            single: true,
            open: self.opened(part, way, node),
            adds: None,
        })
    }

    fn sections(&self, list: &Way) -> Vec<Group> {
        let Some(node) = self.document.get(list) else { return Vec::new() };
        let count = node.items().len();
        let mut groups: Vec<Group> = Vec::new();
        for (index, section) in node.items().iter().enumerate() {
            let way = list.nth(index);
            let Some(mut head) = self.item(Part::Section, list, index, count) else { continue };
            head.heading = true;
            let title = head.title.clone();
            let asks = way.key("asks");
            let held = section.get("asks").map(Node::items).unwrap_or_default().len();
            let items = (0..held).filter_map(|ask| self.item(Part::Ask, &asks, ask, held));
            let items = std::iter::once(head).chain(items).collect();
            groups.push(Group {
                title,
                items,
                adds: Some((asks.to_string(), self.t.get(Part::Ask.adding()).into_owned())),
            });
        }
        groups.push(Group {
            title: String::new(),
            items: Vec::new(),
            adds: Some((list.to_string(), self.t.get(Part::Section.adding()).into_owned())),
        });
        groups
    }

    fn list(&self, list: &Way, tab: Tab) -> Option<Group> {
        let part = Part::in_list(list)?;
        let node = self.document.get(list)?;
        let count = node.items().len();
        let mut items = Vec::new();
        for (index, step) in node.items().iter().enumerate() {
            let Some(mut item) = self.item(part, list, index, count) else { continue };
            let forms = list.nth(index).key("forms");
            if part == Part::Step && item.open.is_some() {
                item.adds = Some((forms.to_string(), self.t.get(Part::Form.adding()).into_owned()));
            }
            items.push(item);
            if part == Part::Step {
                let held = step.get("forms").map(Node::items).unwrap_or_default().len();
                let inner = (0..held).filter_map(|form| self.item(Part::Form, &forms, form, held));
                items.extend(inner.map(|item| Item { sub: true, ..item }));
            }
        }
        let full = part == Part::Gate && form::blank(self.t, part, self.document).is_none();
        let adds = (!full).then(|| (list.to_string(), self.t.get(part.adding()).into_owned()));
        Some(Group { title: self.t.get(tab.title()).into_owned(), items, adds })
    }

    fn item(&self, part: Part, list: &Way, index: usize, count: usize) -> Option<Item> {
        let way = list.nth(index);
        let node = self.document.get(&way)?;
        let named = node.text_of(part.titled_by()).unwrap_or_default().trim();
        let title = match part {
            Part::Gate => names::by_name(named).map_or_else(
                || named.to_owned(),
                |gate: throughline_domain::playbook::Gate| word(self.t, gate),
            ),
            Part::Rung => self.said(Pick::Told, named),
            _ => named.to_owned(),
        };
        // A section's faults are its own; those of its asks show at the asks.
        let own = |fault: &&Fault| with_form(&fault.way) == way;
        Some(Item {
            way: way.to_string(),
            list: list.to_string(),
            index,
            title: if title.is_empty() { self.t.get(key!("editor-untitled")).into_owned() } else { title },
            about: self.about(part, node),
            kind: self.t.get(part.name()).into_owned(),
            faults: self.faults.iter().filter(own).count(),
            sub: false,
            heading: false,
            first: index == 0,
            last: index + 1 == count,
            single: false,
            open: self.opened(part, &way, node),
            adds: None,
        })
    }

    fn said(&self, pick: Pick, name: &str) -> String {
        let offered = pick.choices(self.t, self.document);
        offered.into_iter().find(|(value, _)| value == name).map_or_else(|| name.to_owned(), |(_, said)| said)
    }

    /// What a closed item says of itself.
    fn about(&self, part: Part, node: &Node) -> String {
        let t = self.t;
        let of = |key: &str| node.text_of(key).unwrap_or_default();
        let all = |pick: Pick, key: &str| {
            let items = node.get(key).map(Node::items).unwrap_or_default();
            t.list(&items.iter().filter_map(Node::text).map(|one| self.said(pick, one)).collect::<Vec<_>>())
        };
        let when = |key: &str| {
            node.text_of(key)
                .map_or_else(|| t.get(key!("playbook-always")).into_owned(), |rule| rule::in_words(t, rule))
        };
        let parts = match part {
            Part::Section => vec![of("about").trim().to_owned()],
            Part::Ask => {
                let required = match (of("required"), node.text_of("required_when")) {
                    ("true", _) => t.get(key!("editor-required-always")).into_owned(),
                    (_, Some(rule)) => {
                        t.with(key!("editor-required-when"), ("rule", rule::in_words(t, rule))).into_owned()
                    }
                    _ => t.get(key!("editor-required-never")).into_owned(),
                };
                vec![self.said(Pick::AskKind, of("type")), required]
            }
            Part::Gate => {
                let demands = node.get("demands").map(Node::items).unwrap_or_default().len();
                vec![
                    t.with(key!("editor-n-demands"), ("n", demands)).into_owned(),
                    t.with(key!("editor-waived-by"), ("roles", all(Pick::Role, "waived_by"))).into_owned(),
                ]
            }
            Part::Step => vec![self.said(Pick::Role, of("owner")), self.due(node)],
            Part::Form | Part::Route | Part::PromiseRoute => vec![when("when")],
            Part::Category => vec![of("question").trim().to_owned()],
            Part::Rating => vec![of("question").trim().to_owned()],
            Part::Agenda => vec![t.with(key!("editor-n-minutes"), ("n", of("minutes"))).into_owned()],
            Part::Milestone => vec![self.said(Pick::Side, of("side")), self.span(of("due"))],
            Part::Rung => vec![self.span(of("after"))],
            _ => Vec::new(),
        };
        let said: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        said.join(" · ")
    }

    fn span(&self, text: &str) -> String {
        text.parse().map_or_else(|_| text.to_owned(), |span| words::span(self.t, span))
    }

    fn due(&self, node: &Node) -> String {
        let Some(due) = node.get("due") else { return String::new() };
        let span = |key: &str| due.text_of(key).and_then(|text| text.parse().ok());
        let Some(anchor) = due.text_of("anchor").and_then(names::by_name) else { return String::new() };
        let roll = due.text_of("roll") == Some("true");
        let due = Due {
            anchor,
            opens: span("opens"),
            within: span("within"),
            from: span("from"),
            to: span("to"),
            roll,
        };
        words::due(self.t, &due)
    }

    fn opened(&self, part: Part, way: &Way, node: &Node) -> Option<OpenForm> {
        let open = self.open.filter(|open| open.way == *way)?;
        let held = form::filled(part, Some(node));
        let posted = open.posted.as_ref().unwrap_or(&held);
        let none = Errors::new();
        let errors = if open.posted.is_some() { &open.errors } else { &none };
        let mine = self.faults.iter().filter(|fault| with_form(&fault.way) == *way);
        Some(OpenForm {
            way: way.to_string(),
            was: part.named_by().and_then(|key| node.text_of(key)).unwrap_or_default().to_owned(),
            controls: form::controls(self.t, part, self.document, posted, errors),
            faults: mine.map(|fault| fault.said.clone()).collect(),
        })
    }
}
