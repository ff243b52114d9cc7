//! What stands above the record before anything else: that it came back, was reopened, was changed after ownership
//! moved, or can no longer be changed.

use throughline_app::read::HandoffView;
use throughline_domain::{Key, access::Action};

use super::frame::who;
use crate::{
    i18n::{Key as TextKey, Text},
    key, ui,
};

/// One such thing, and what to do about it.
pub struct Callout {
    pub(super) id: &'static str,
    pub(super) tone: ui::Tone,
    pub(super) title: String,
    pub(super) texts: Vec<String>,
    pub(super) link: Option<(String, String)>,
    /// Posts to this address, with this label.
    pub(super) button: Option<(String, String)>,
}

/// All of them, the most pressing first.
pub fn callouts(t: &Text, view: &HandoffView) -> Vec<Callout> {
    let handoff = &view.loaded.handoff;
    let base = format!("/handoffs/{}", handoff.id);
    let titles = |asks: &mut dyn Iterator<Item = &Key>| {
        let playbook = view.loaded.playbook.as_ref();
        let title = |id: &Key| {
            playbook
                .and_then(|playbook| playbook.ask(id))
                .map_or_else(|| id.to_string(), |ask| ask.ask.clone())
        };
        t.list(&asks.map(title).collect::<Vec<_>>())
    };
    let callout = |id, tone, title: TextKey| Callout {
        id,
        tone,
        title: t.get(title).into_owned(),
        texts: Vec::new(),
        link: None,
        button: None,
    };
    let mut found = Vec::new();
    if let Some(back) = handoff.open_return() {
        found.push(Callout {
            texts: vec![back.reason.to_string()],
            link: Some((t.get(key!("record-returned-link")).into_owned(), format!("{base}/review#return"))),
            ..callout("returned", ui::Tone::Warn, key!("record-returned"))
        });
    }
    if let Some(reopened) = &handoff.reopened {
        let name = who(t, view, reopened.by);
        let mut texts = vec![
            t.with(key!("record-reopened-text"), (("name", name), ("reason", reopened.reason.as_str())))
                .into_owned(),
        ];
        texts.push(if reopened.untouched.is_empty() {
            t.get(key!("record-reopened-review")).into_owned()
        } else {
            t.with(key!("record-reopened-untouched"), ("asks", titles(&mut reopened.untouched.iter())))
                .into_owned()
        });
        found.push(Callout { texts, ..callout("reopened", ui::Tone::Warn, key!("record-reopened")) });
    }
    let unseen: std::collections::BTreeSet<&Key> =
        handoff.amendments.iter().filter(|one| one.acknowledged_at.is_none()).map(|one| &one.ask).collect();
    if !unseen.is_empty() {
        let title = t.with(key!("record-amended"), ("asks", titles(&mut unseen.into_iter()))).into_owned();
        let may = view.rights.contains(&Action::AcknowledgeAmendments);
        found.push(Callout {
            title,
            button: may
                .then(|| (format!("{base}/acknowledge"), t.get(key!("record-acknowledge")).into_owned())),
            ..callout("amended", ui::Tone::Info, key!("record-acknowledge"))
        });
    }
    if !handoff.life.takes_reports() {
        found.push(callout("shut", ui::Tone::Info, key!("record-shut")));
    } else if !view.rights.contains(&Action::Fill) {
        found.push(callout("shut", ui::Tone::Info, key!("record-read-only")));
    }
    found
}
