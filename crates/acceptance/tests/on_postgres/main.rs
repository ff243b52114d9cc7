//! The same stories, word for word, kept on a PostgreSQL server instead of in a file.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod keeping;

#[path = "../acceptance/account_truth.rs"]
mod account_truth;
#[path = "../acceptance/clocks.rs"]
mod clocks;
#[path = "../acceptance/default.rs"]
mod default;
#[path = "../acceptance/enterprise_protocol.rs"]
mod enterprise_protocol;
#[path = "../acceptance/four_domains.rs"]
mod four_domains;
#[path = "../acceptance/full_context.rs"]
mod full_context;
#[path = "../acceptance/governed_gate.rs"]
mod governed_gate;
#[path = "../acceptance/limits/mod.rs"]
mod limits;
#[path = "../acceptance/modes.rs"]
mod modes;
#[path = "../acceptance/news.rs"]
mod news;
#[path = "../acceptance/numbers.rs"]
mod numbers;
#[path = "../acceptance/portal/mod.rs"]
mod portal;
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

/// Of every so many cases of a table one is held each day; all of them in the long run.
const ONE_OF: usize = 4;

#[test]
fn every_story_is_told_here_too() {
    let told = |text: &'static str| text.lines().filter(|line| line.starts_with("mod ")).collect::<Vec<_>>();
    let (here, mut there) = (told(include_str!("main.rs")), told(include_str!("../acceptance/main.rs")));
    there.retain(|line| !here.contains(line));
    assert_eq!(there, [""; 0]);
}
