//! Saved views: a list or the board with its filters under a name; pinned, shown first, shared with a team or with all.
//!
//! What is saved is names and values of filters pages know, never an address: nothing saved leads anywhere else.

use std::collections::BTreeSet;

use throughline_domain::{
    PersonId, TeamId,
    access::{Action, Scope, widest},
};
use throughline_store::{Change, SavedView, Shared, ViewChange, ViewChoice, ViewPlace};
use uuid::Uuid;

use crate::{App, AppError, Caller, gates::escaped, orgs::line};

/// The filters a view may hold, by their names in addresses.
pub const FILTERS: [&str; 21] = [
    "ae",
    "as",
    "bypassed",
    "credit",
    "csm",
    "due",
    "incomplete",
    "kickoff",
    "life",
    "owes",
    "playbook",
    "q",
    "questions",
    "refused",
    "segment",
    "sort",
    "source",
    "stage",
    "team",
    "waivers",
    "when",
];
/// The most values a view's filters have, and the most characters of one.
const MOST_VALUES: usize = 30;
const LONGEST_VALUE: usize = 200;
/// The most views one person has.
const MOST_OWN: usize = 100;
/// The most characters of a name.
pub const LONGEST_NAME: usize = 60;

/// A view as asked for.
#[derive(Debug, Clone)]
pub struct NewView {
    /// What it is called.
    pub name: String,
    /// Of which page.
    pub place: ViewPlace,
    /// Its filters as an address has them, after the question mark.
    pub query: String,
    /// Who sees it.
    pub shared: Shared,
}

/// A view as one reader sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MyView {
    /// The view.
    pub view: SavedView,
    /// What the reader made of it.
    pub choice: ViewChoice,
    /// Whether they may rename, change and remove it.
    pub may_change: bool,
}

/// The filters as an address has them: in one order, so that the same view has one address.
pub fn query_of(filter: &[(String, String)]) -> String {
    let pairs: Vec<String> =
        filter.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value))).collect();
    pairs.join("&")
}

/// Filters read from an address. Blank values and the place in the list are dropped; what is not a filter is refused.
///
/// # Errors
/// [`AppError::Invalid`] of `query`.
pub fn filter_of(query: &str) -> Result<Vec<(String, String)>, AppError> {
    let refused = |why: String| AppError::invalid("query", why);
    if query.len() > 8_000 {
        return Err(refused("is too long for a view".to_owned()));
    }
    let mut filter = Vec::new();
    for pair in query.trim_start_matches('?').split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (Some(name), Some(value)) = (unescaped(name), unescaped(value)) else {
            return Err(refused("cannot be read".to_owned()));
        };
        if name == "after" || name.starts_with("more-") {
            continue;
        }
        if !FILTERS.contains(&name.as_str()) {
            let shown: String = name.chars().take(40).collect();
            return Err(refused(format!("`{shown}` is no filter of a list")));
        }
        if value.trim().is_empty() && !value.contains(char::is_control) {
            continue;
        }
        if value.chars().count() > LONGEST_VALUE || value.contains(char::is_control) {
            return Err(refused(format!("the value of `{name}` cannot be kept")));
        }
        filter.push((name, value.trim().to_owned()));
    }
    if filter.len() > MOST_VALUES {
        return Err(refused(format!("has more than {MOST_VALUES} values")));
    }
    filter.sort();
    filter.dedup();
    Ok(filter)
}

/// A part of an address as it was meant.
fn unescaped(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digits = [rest.next()?, rest.next()?];
                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

impl App {
    /// The views the caller sees: their own, their teams', and everybody's, by name.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a program, which has none.
    pub async fn my_views(&self, caller: &Caller) -> Result<Vec<MyView>, AppError> {
        let (me, teams) = self.viewer(caller).await?;
        let far = self.shares(caller);
        let found = self.store.views(caller.org, me, &teams).await?;
        let seen = found.into_iter().map(|(view, choice)| {
            let may_change = view.owner == me || reaches(far, view.shared, &teams);
            MyView { view, choice, may_change }
        });
        Ok(seen.collect())
    }

    /// Saves a view.
    ///
    /// # Errors
    /// [`AppError::Invalid`] with the field; [`AppError::Forbidden`] where it may not be shared so; a conflict with too
    /// many views of one's own.
    pub async fn save_view(&self, caller: &Caller, new: NewView) -> Result<SavedView, AppError> {
        let own = self.my_views(caller).await?;
        let me = caller.person().ok_or(AppError::NotFound("person"))?;
        if own.iter().filter(|one| one.view.owner == me).count() >= MOST_OWN {
            return Err(AppError::Conflict(format!("you have {MOST_OWN} views; remove one first")));
        }
        let view = SavedView {
            id: self.fresh_id(),
            owner: me,
            name: line("name", &new.name, LONGEST_NAME)?,
            place: new.place,
            filter: filter_of(&new.query)?,
            shared: new.shared,
            version: 1,
            changed_at: self.now(),
        };
        self.check_share(caller, new.shared).await?;
        // Whoever saves a view wants to find it: it stands above the list for them.
        let choice = ViewChoice { pinned: true, first: false };
        let changes = vec![
            Change::View(ViewChange::Put(view.clone())),
            Change::View(ViewChange::Choose { person: me, view: view.id, choice }),
        ];
        self.apply(caller, changes, self.view_audit(caller, "save-view", &view)).await?;
        Ok(view)
    }

    /// Changes a view's name, filters and whom it is shared with; what is none stays. With `if_version` only while it is at
    /// that version.
    ///
    /// # Errors
    /// As [`Self::save_view`]; [`AppError::NotFound`] for a view the caller does not see; [`AppError::Stale`].
    pub async fn change_view(
        &self,
        caller: &Caller,
        id: Uuid,
        name: Option<&str>,
        query: Option<&str>,
        shared: Option<Shared>,
        if_version: Option<u64>,
    ) -> Result<SavedView, AppError> {
        let held = self.changeable(caller, id).await?;
        if if_version.is_some_and(|version| version != held.version) {
            return Err(AppError::Stale { current: held.version });
        }
        let mut view = held.clone();
        if let Some(name) = name {
            view.name = line("name", name, LONGEST_NAME)?;
        }
        if let Some(query) = query {
            view.filter = filter_of(query)?;
        }
        if let Some(shared) = shared.filter(|shared| *shared != held.shared) {
            self.check_share(caller, shared).await?;
            view.shared = shared;
        }
        if view == held {
            return Ok(held);
        }
        view.version += 1;
        view.changed_at = self.now();
        let audit = self.view_audit(caller, "change-view", &view);
        self.apply(caller, vec![Change::View(ViewChange::Put(view.clone()))], audit).await?;
        Ok(view)
    }

    /// Removes a view, for everybody who saw it.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a view the caller does not see, [`AppError::Forbidden`] for one that is not theirs to
    /// remove.
    pub async fn remove_view(&self, caller: &Caller, id: Uuid) -> Result<(), AppError> {
        let view = self.changeable(caller, id).await?;
        let audit = self.view_audit(caller, "remove-view", &view);
        let remove = ViewChange::Remove { view: id, version: view.version };
        self.apply(caller, vec![Change::View(remove)], audit).await
    }

    /// Says what the caller makes of a view they see: whether it stands above the list, and whether the list opens with it.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a view the caller does not see.
    pub async fn choose_view(&self, caller: &Caller, id: Uuid, choice: ViewChoice) -> Result<(), AppError> {
        let me = caller.person().ok_or(AppError::NotFound("person"))?;
        let seen = self.my_views(caller).await?.into_iter().find(|one| one.view.id == id);
        let seen = seen.ok_or(AppError::NotFound("view"))?;
        if seen.choice == choice {
            return Ok(());
        }
        let audit = self.view_audit(caller, "choose-view", &seen.view);
        let choose = ViewChange::Choose { person: me, view: id, choice };
        self.apply(caller, vec![Change::View(choose)], audit).await
    }

    /// With whom the caller may share: their teams, and whether everybody.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn may_share_with(
        &self,
        caller: &Caller,
    ) -> Result<(Vec<throughline_store::Team>, bool), AppError> {
        let far = self.shares(caller);
        if far.is_none() {
            return Ok((Vec::new(), false));
        }
        let all = far == Some(Scope::Organisation);
        let (_, mine) = self.viewer(caller).await?;
        let mut teams = self.store.teams(caller.org).await?;
        teams.retain(|team| all || mine.contains(&team.id));
        Ok((teams, all))
    }

    fn shares(&self, caller: &Caller) -> Option<Scope> {
        caller.may(Action::ShareViews).ok()?;
        widest(&caller.grants, Action::ShareViews)
    }

    async fn check_share(&self, caller: &Caller, shared: Shared) -> Result<(), AppError> {
        if shared == Shared::Nobody {
            return Ok(());
        }
        if let Shared::Team { team } = shared
            && self.store.team(caller.org, team).await?.is_none()
        {
            return Err(AppError::invalid("shared", "no such team"));
        }
        if reaches(self.shares(caller), shared, &self.viewer(caller).await?.1) {
            Ok(())
        } else {
            Err(AppError::Forbidden(Action::ShareViews))
        }
    }

    /// Who looks, and the teams they are in or lead.
    async fn viewer(&self, caller: &Caller) -> Result<(PersonId, BTreeSet<TeamId>), AppError> {
        let me = caller.person().ok_or(AppError::NotFound("person"))?;
        caller.may(Action::Read)?;
        let person = self.store.person(caller.org, me).await?.ok_or(AppError::NotFound("person"))?;
        let led = self.store.teams(caller.org).await?.into_iter().filter(|team| team.manager == Some(me));
        Ok((me, led.map(|team| team.id).chain(person.team).collect()))
    }

    async fn changeable(&self, caller: &Caller, id: Uuid) -> Result<SavedView, AppError> {
        let seen = self.my_views(caller).await?.into_iter().find(|one| one.view.id == id);
        let seen = seen.ok_or(AppError::NotFound("view"))?;
        if seen.may_change { Ok(seen.view) } else { Err(AppError::Forbidden(Action::ShareViews)) }
    }

    fn view_audit(&self, caller: &Caller, action: &str, view: &SavedView) -> throughline_store::Audit {
        let detail = serde_json::json!({ "name": view.name, "shared": view.shared });
        self.audit(caller, action, &view.id.to_string(), detail)
    }
}

/// Whether sharing so is within a right that reaches so far.
fn reaches(far: Option<Scope>, shared: Shared, teams: &BTreeSet<TeamId>) -> bool {
    match (shared, far) {
        (_, None) | (Shared::Nobody, _) => false,
        (_, Some(Scope::Organisation)) => true,
        (Shared::Team { team }, Some(Scope::Team)) => teams.contains(&team),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_come_back_from_their_address_in_one_order() {
        let filter =
            filter_of("?stage=owned&q=%C3%96l+%26+Gas&stage=offered&after=x&life=&more-owned=40").unwrap();
        assert_eq!(query_of(&filter), "q=%C3%96l%20%26%20Gas&stage=offered&stage=owned");
        assert_eq!(filter_of(&query_of(&filter)).unwrap(), filter);
        assert_eq!(filter_of("").unwrap(), []);
    }

    #[test]
    fn what_is_no_filter_is_not_kept() {
        for query in [
            "next=https://evil.example",
            "//evil.example",
            "stage=owned&return_to=/x",
            "q=%00",
            "q=%0d%0aSet-Cookie:x",
            "q=%ff",
            "q=%",
            "STAGE=owned",
        ] {
            assert!(
                matches!(filter_of(query), Err(AppError::Invalid { field, .. }) if field == "query"),
                "{query}"
            );
        }
        assert!(filter_of(&format!("q={}", "x".repeat(201))).is_err());
        let many: Vec<String> = (0..31).map(|number| format!("stage={number}")).collect();
        assert!(filter_of(&many.join("&")).is_err());
    }

    #[test]
    fn the_filters_are_sorted_and_each_named_once() {
        assert!(FILTERS.is_sorted_by(|one, next| one < next));
    }
}
