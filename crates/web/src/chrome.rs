//! What stands around every page: navigation, who is signed in, the theme, a message from the last action.
//!
//! Absent on purpose: any token against forged requests. Where a request came from is checked by its headers.

mod first;
mod theme;
mod walk;

use jiff::tz::TimeZone;
use throughline_domain::Role;

use crate::i18n::{Key, Locale, Text};
use crate::key;
use crate::ui::{Person, Tone};

pub use first::First;
pub use theme::Theme;
pub use walk::{WalkLine, WalkPanel, WalkWish};

/// What the layouts need. A page holds one as `chrome`, and a clone of its [`Text`] as `t`.
#[derive(Debug, Clone)]
pub struct Chrome {
    /// Words, numbers and dates for this reader.
    pub t: Text,
    /// Light, dark or as the system.
    pub theme: Theme,
    /// The path and query of this page, for forms that come back to it.
    pub path: String,
    /// The organisation's name.
    pub organisation: String,
    /// Who is signed in; none on the bare layout.
    pub reader: Option<Reader>,
    /// Where this reader may go.
    pub nav: Vec<NavItem>,
    /// What the last action has to say.
    pub flash: Option<Flash>,
    /// Whether this is the demo company.
    pub demo: bool,
    /// The guided walk, where there is one for this reader.
    pub walk: Option<WalkPanel>,
    /// Whether it is hidden.
    pub walk_hidden: bool,
    /// Whose sample this is, by name; none: it is no sample.
    pub sample_of: Option<String>,
    /// What to do first, on a list of an organisation that has no deals yet.
    pub first: Option<First>,
}

/// Who is signed in.
#[derive(Debug, Clone)]
pub struct Reader {
    /// Name and initials.
    pub person: Person,
    /// What they are here; may be several (R0.15).
    pub roles: Vec<Role>,
}

/// A message about the last action, shown once.
#[derive(Debug, Clone)]
pub struct Flash {
    /// Good, bad, or something to know.
    pub tone: Tone,
    /// In a sentence.
    pub text: String,
}

impl Flash {
    /// The icon that says the same as the tone.
    pub fn icon(&self) -> &'static str {
        self.tone.icon()
    }

    /// Whether it should interrupt who listens instead of waiting.
    pub fn role(&self) -> &'static str {
        if self.tone == Tone::Bad { "alert" } else { "status" }
    }
}

impl Chrome {
    /// For a page without navigation: sign-in, errors.
    pub fn bare(t: Text, theme: Theme) -> Self {
        Self {
            t,
            theme,
            path: "/".to_owned(),
            organisation: String::new(),
            reader: None,
            nav: Vec::new(),
            flash: None,
            demo: false,
            walk: None,
            walk_hidden: false,
            sample_of: None,
            first: None,
        }
    }

    /// For a page with navigation. `here` is the place of the page; none for one outside of all places.
    pub fn signed_in(
        self,
        reader: Reader,
        organisation: impl Into<String>,
        places: &[Place],
        here: Option<Place>,
    ) -> Self {
        let nav = places
            .iter()
            .map(|&place| NavItem { place, current: here == Some(place), count: None })
            .collect();
        Self { reader: Some(reader), organisation: organisation.into(), nav, ..self }
    }

    /// With the address of the page.
    pub fn at(self, path: impl Into<String>) -> Self {
        Self { path: path.into(), ..self }
    }

    /// With a message.
    pub fn flash(self, flash: Option<Flash>) -> Self {
        Self { flash, ..self }
    }

    /// With how many things wait at a place.
    pub fn count(mut self, place: Place, count: u64) -> Self {
        for item in self.nav.iter_mut().filter(|item| item.place == place) {
            item.count = Some(count);
        }
        self
    }

    /// Of the demo company.
    pub fn demo(self, demo: bool) -> Self {
        Self { demo, ..self }
    }

    /// With the guided walk, unless it is hidden.
    pub fn walk(self, walk: Option<WalkPanel>, hidden: bool) -> Self {
        Self { walk, walk_hidden: hidden, ..self }
    }

    /// With what to do first.
    pub fn first(self, first: Option<First>) -> Self {
        Self { first, ..self }
    }

    /// Of the sample of a company of this name.
    pub fn sample_of(self, company: Option<String>) -> Self {
        Self { sample_of: company, ..self }
    }

    /// Navigation in its groups, empty ones left out.
    pub fn nav_groups(&self) -> Vec<(Option<Key>, Vec<&NavItem>)> {
        [Group::Work, Group::Company, Group::Demo]
            .into_iter()
            .map(|group| {
                (
                    group.title(),
                    self.nav.iter().filter(|item| item.place.group() == group).collect::<Vec<_>>(),
                )
            })
            .filter(|(_, items)| !items.is_empty())
            .collect()
    }

    /// The reader's roles in one phrase.
    pub fn roles(&self) -> String {
        let roles = self.reader.iter().flat_map(|reader| &reader.roles);
        self.t.list(&roles.map(|role| self.t.get(role_key(*role))).collect::<Vec<_>>())
    }

    /// The scripts that `app.js` imports, fetched along with it.
    pub fn modules(&self) -> impl Iterator<Item = &'static str> {
        throughline_assets::all()
            .filter(|(name, _)| name.ends_with(".js") && !matches!(*name, "app.js" | "htmx.js"))
            .map(|(_, url)| url)
    }
}

impl Default for Chrome {
    /// English, UTC, nobody signed in: for an error that comes before anything is known.
    fn default() -> Self {
        Self::bare(Text::new(Locale::En, TimeZone::UTC), Theme::System)
    }
}

/// Somewhere the navigation leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// What waits for the reader.
    Queue,
    /// What is late, what comes, who was told.
    Week,
    /// All handoffs.
    Deals,
    /// The same by stage and lateness.
    Board,
    /// Promises that wait for a decision.
    DealDesk,
    /// People and teams.
    People,
    /// The process as data.
    Playbooks,
    /// Deals from a file.
    Import,
    /// The organisation.
    Settings,
    /// What was sent, in the demo company only.
    Mailbox,
    /// The stand-in CRM, in the demo company only.
    Crm,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Group {
    Work,
    Company,
    Demo,
}

impl Group {
    fn title(self) -> Option<Key> {
        match self {
            Self::Work => None,
            Self::Company => Some(key!("nav-company")),
            Self::Demo => Some(key!("nav-demo")),
        }
    }
}

impl Place {
    /// All of them, in the order of the navigation.
    pub const ALL: [Self; 11] = [
        Self::Queue,
        Self::Week,
        Self::Deals,
        Self::Board,
        Self::DealDesk,
        Self::People,
        Self::Playbooks,
        Self::Import,
        Self::Settings,
        Self::Mailbox,
        Self::Crm,
    ];

    fn group(self) -> Group {
        match self {
            Self::Queue | Self::Week | Self::Deals | Self::Board | Self::DealDesk => Group::Work,
            Self::People | Self::Playbooks | Self::Import | Self::Settings => Group::Company,
            Self::Mailbox | Self::Crm => Group::Demo,
        }
    }

    /// Its name.
    pub fn key(self) -> Key {
        match self {
            Self::Queue => key!("nav-queue"),
            Self::Week => key!("nav-week"),
            Self::Deals => key!("nav-deals"),
            Self::Board => key!("nav-board"),
            Self::DealDesk => key!("nav-deal-desk"),
            Self::People => key!("nav-people"),
            Self::Playbooks => key!("nav-playbooks"),
            Self::Import => key!("nav-import"),
            Self::Settings => key!("nav-settings"),
            Self::Mailbox => key!("nav-mailbox"),
            Self::Crm => key!("nav-crm"),
        }
    }

    /// Its address.
    pub fn href(self) -> &'static str {
        match self {
            Self::Queue => "/queue",
            Self::Week => "/week",
            Self::Deals => "/deals",
            Self::Board => "/board",
            Self::DealDesk => "/deal-desk",
            Self::People => "/people",
            Self::Playbooks => "/playbooks",
            Self::Import => "/import",
            Self::Settings => "/settings",
            Self::Mailbox => "/mailbox",
            Self::Crm => "/crm",
        }
    }

    /// Its icon.
    pub fn icon(self) -> &'static str {
        match self {
            Self::Queue => "inbox",
            Self::Week => "calendar-clock",
            Self::Deals => "handshake",
            Self::Board => "square-kanban",
            Self::DealDesk => "scale",
            Self::People => "users",
            Self::Playbooks => "book-open-check",
            Self::Import => "file-up",
            Self::Settings => "settings",
            Self::Mailbox => "mail",
            Self::Crm => "building",
        }
    }

    /// The keys that lead to it, one after the other.
    pub fn keys(self) -> &'static str {
        match self {
            Self::Queue => "g q",
            Self::Week => "g w",
            Self::Deals => "g d",
            Self::Board => "g o",
            Self::DealDesk => "g k",
            Self::People => "g p",
            Self::Playbooks => "g b",
            Self::Import => "g i",
            Self::Settings => "g s",
            Self::Mailbox => "g m",
            Self::Crm => "g c",
        }
    }
}

/// One line of the navigation.
#[derive(Debug, Clone)]
pub struct NavItem {
    /// Where it leads.
    pub place: Place,
    /// Whether the page is there.
    pub current: bool,
    /// How many things wait there.
    pub count: Option<u64>,
}

/// A role's name as pages write it.
pub fn role_key(role: Role) -> Key {
    match role {
        Role::Ae => key!("role-ae"),
        Role::AeManager => key!("role-ae-manager"),
        Role::Se => key!("role-se"),
        Role::DealDesk => key!("role-deal-desk"),
        Role::Product => key!("role-product"),
        Role::Enablement => key!("role-enablement"),
        Role::Csm => key!("role-csm"),
        Role::Implementation => key!("role-implementation"),
        Role::CsLeader => key!("role-cs-leader"),
        Role::RevOps => key!("role-rev-ops"),
        Role::SalesLeader => key!("role-sales-leader"),
        Role::Finance => key!("role-finance"),
        Role::Auditor => key!("role-auditor"),
        Role::Admin => key!("role-admin"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_places_that_were_given_show_and_exactly_one_is_current() {
        let reader = Reader { person: Person::named("Maya Lindqvist"), roles: vec![Role::Csm, Role::Admin] };
        let chrome = Chrome::default().signed_in(
            reader,
            "Nordwind",
            &[Place::Queue, Place::People],
            Some(Place::People),
        );
        let groups = chrome
            .count(Place::Queue, 4)
            .nav_groups()
            .into_iter()
            .map(|(title, items)| {
                (title, items.iter().map(|item| (item.place, item.current, item.count)).collect::<Vec<_>>())
            })
            .collect::<Vec<_>>();
        assert_eq!(
            groups,
            [
                (None, vec![(Place::Queue, false, Some(4))]),
                (Some(key!("nav-company")), vec![(Place::People, true, None)]),
            ]
        );
    }

    #[test]
    fn no_two_places_share_an_address_an_icon_or_keys() {
        for of in [Place::href, Place::icon, Place::keys] {
            let all: std::collections::BTreeSet<_> = Place::ALL.into_iter().map(of).collect();
            assert_eq!(all.len(), Place::ALL.len());
        }
        for place in Place::ALL {
            assert!(throughline_assets::icons().any(|icon| icon == place.icon()), "{place:?}");
        }
    }
}
