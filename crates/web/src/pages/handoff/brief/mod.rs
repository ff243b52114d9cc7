//! What a CSM opens before the kickoff: the account on one page, and what stands beside it. Every sheet reads on a
//! screen, on a phone and on paper, and shows what is missing as plainly as what is known.
//!
//! Absent on purpose: anything of its own. A sheet lays out the record and the playbook; whoever wants to change what
//! it says is led to where that is kept.

pub mod agenda;
pub mod block;
pub mod call_sheet;
pub mod figure;
pub mod map;
pub mod one_page;
pub mod open;
pub mod signs;

use axum::Router;
use throughline_app::read::HandoffView;
use throughline_domain::HandoffId;
use throughline_http::Web;

use crate::{
    i18n::{Key, Text},
    key,
    ui::Tab,
};

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .merge(one_page::routes())
        .merge(map::routes())
        .merge(call_sheet::routes())
        .merge(agenda::routes())
        .merge(signs::routes())
}

/// The sheets, in the order they are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sheet {
    /// The account on one page.
    Brief,
    /// Influence × stance.
    Map,
    /// For the internal call.
    Call,
    /// For the kickoff.
    Agenda,
    /// Early signs.
    Signs,
}

impl Sheet {
    const ALL: [Self; 5] = [Self::Brief, Self::Map, Self::Call, Self::Agenda, Self::Signs];

    fn key(self) -> Key {
        match self {
            Self::Brief => key!("brief-sheet-brief"),
            Self::Map => key!("map-title"),
            Self::Call => key!("call-title"),
            Self::Agenda => key!("plan-agenda"),
            Self::Signs => key!("signs-title"),
        }
    }

    /// Its address.
    pub fn href(self, id: HandoffId) -> String {
        let part = match self {
            Self::Brief => "brief",
            Self::Map => "map",
            Self::Call => "call-sheet",
            Self::Agenda => "agenda",
            Self::Signs => "signs",
        };
        format!("/handoffs/{id}/{part}")
    }
}

/// The way between the sheets.
pub fn sheets(t: &Text, view: &HandoffView, here: Sheet) -> Vec<Tab> {
    let tab = |sheet: Sheet| Tab {
        label: t.get(sheet.key()).into_owned(),
        href: sheet.href(view.loaded.handoff.id),
        current: sheet == here,
        count: match sheet {
            Sheet::Agenda => Some(agenda::missing(t, view) as u64).filter(|missing| *missing > 0),
            Sheet::Brief | Sheet::Map | Sheet::Call | Sheet::Signs => None,
        },
    };
    Sheet::ALL.into_iter().map(tab).collect()
}
