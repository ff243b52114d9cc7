//! Which way a deal takes, and when its record opens (R0.5, R0.8).

use jiff::Timestamp;

use super::RouteTaken;
use crate::{
    calendar::Calendar,
    deal::Deal,
    facts::deal_facts_of,
    playbook::{Playbook, PlaybookRef, Way},
};

impl RouteTaken {
    /// The first route that holds. A rule that cannot run does not hold, so that a deal the CRM says little of
    /// takes the whole way.
    pub fn choose(
        playbook: &Playbook,
        of: &PlaybookRef,
        deal: &Deal,
        calendar: &Calendar,
        now: Timestamp,
    ) -> Self {
        let facts = deal_facts_of(deal, "", calendar, now);
        let chosen = playbook
            .routes
            .iter()
            .find(|route| route.when.as_ref().is_none_or(|rule| rule.value.holds(&facts).unwrap_or(false)));
        match chosen {
            Some(route) => Self {
                rule: Some(route.id.value.clone()),
                playbook: (route.take == Way::This).then(|| of.clone()),
                variant: route.variant.clone(),
                csm: route.csm,
                because: route.because.clone(),
            },
            None => Self {
                rule: None,
                playbook: Some(of.clone()),
                variant: None,
                csm: Default::default(),
                because: "no route names another way".to_owned(),
            },
        }
    }

    /// Whether the record of a deal that takes this way opens now.
    ///
    /// # Errors
    /// The rule could not run; the text says why. Open then: too early is a nuisance, too late a cold handoff.
    pub fn opens(
        &self,
        playbook: &Playbook,
        deal: &Deal,
        calendar: &Calendar,
        now: Timestamp,
    ) -> Result<bool, String> {
        let variant = self.variant.as_ref().map_or("", |variant| variant.as_str());
        playbook.opens_when.value.holds(&deal_facts_of(deal, variant, calendar, now))
    }
}
