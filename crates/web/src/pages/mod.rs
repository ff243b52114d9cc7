//! The pages: a file each, with its template of the same name beside the others.

pub mod assets;
pub mod board;
mod countries;
pub mod crm;
mod days_off;
pub mod deal_desk;
pub mod deals;
pub mod entrance;
pub mod handoff;
pub mod import;
pub mod live;
pub mod mailbox;
pub mod mend;
mod parts;
pub mod people;
pub mod playbooks;
pub mod portal;
pub mod problems;
pub mod queue;
pub mod rules;
pub mod search;
pub mod settings;
#[cfg(feature = "pdf")]
pub mod sheets;
pub mod start;
pub mod views;
pub mod walk;
pub mod week;
pub mod words;

use axum::{Router, middleware::from_fn};
use throughline_http::Web;

/// All pages as a router.
pub fn router(web: Web) -> Router {
    let routes = Router::new()
        .merge(assets::routes())
        .merge(board::routes())
        .merge(crm::routes())
        .merge(deal_desk::routes())
        .merge(deals::routes())
        .merge(entrance::routes())
        .merge(handoff::routes())
        .merge(import::routes())
        .merge(live::routes())
        .merge(mailbox::routes())
        .merge(people::routes())
        .merge(playbooks::routes())
        .merge(portal::routes())
        .merge(problems::routes())
        .merge(queue::routes())
        .merge(search::routes())
        .merge(settings::routes())
        .merge(start::routes())
        .merge(walk::routes())
        .merge(views::routes())
        .merge(week::routes())
        .fallback(problems::not_found);
    #[cfg(feature = "pdf")]
    let routes = routes.merge(sheets::routes());
    routes.layer(from_fn(crate::failure::layer)).with_state(web)
}

/// The same routes with a page for whatever refuses a request before it reaches one: limits, time, another site. Goes
/// around the layers of the server.
pub fn readable(router: Router) -> Router {
    router.layer(from_fn(crate::failure::layer))
}
