//! The same stories, word for word, kept on a PostgreSQL server instead of in a file.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod keeping;

#[path = "../acceptance/clocks.rs"]
mod clocks;
#[path = "../acceptance/default.rs"]
mod default;
#[path = "../acceptance/four_domains.rs"]
mod four_domains;
#[path = "../acceptance/modes.rs"]
mod modes;
#[path = "../acceptance/news.rs"]
mod news;
#[path = "../acceptance/refusals/mod.rs"]
mod refusals;
#[path = "../acceptance/requests.rs"]
mod requests;
#[path = "../acceptance/routes.rs"]
mod routes;
#[path = "../acceptance/story/mod.rs"]
mod story;
#[path = "../acceptance/waivers.rs"]
mod waivers;
