//! Q4: connections to the database are cut again and again while the server is written to, and now and then it cannot
//! be reached for a while.

use std::time::Duration;

use crate::{
    bench::Bench,
    client::{Client, Sent},
    company::{Company, deal, deal_path},
    dice::{percentile, seed, wanted},
    kills::{at_work, cut, figures, hold},
    node::{Node, now},
    seen::Whose,
    writers::Office,
};

/// Between two cuts.
const EACH: Duration = Duration::from_secs(2);
/// How long nobody is let in, each third time: longer than a node tries by itself.
const AWAY: Duration = Duration::from_secs(4);
/// How soon everything has to be well again.
const WELL: Duration = Duration::from_secs(5);

#[test]
fn connections_cut_every_two_seconds_lose_nothing_and_heal() {
    heals(wanted("THROUGHLINE_CUTS", 4), false);
}

#[test]
#[ignore = "takes a minute: part of the long run"]
fn connections_cut_every_two_seconds_for_a_minute_lose_nothing_and_heal_in_time() {
    heals(wanted("THROUGHLINE_CUTS", 30), true);
}

/// Cuts all connections so often. Writers take no other failure than that the server asks to come again later.
fn heals(cuts: u64, judged: bool) {
    let (begun, company) = (now(), Company::on(Bench::founded_on_postgres()));
    let database = company.bench.server();
    let words = ["--database".to_owned(), database.visitors_url()];
    let mut office = Office::new(&company, 1);
    let (mut starts, mut healed, mut ended) = (Vec::new(), Vec::new(), 0);
    let nodes = at_work(&office, &words, 4, &mut starts, |nodes, _| {
        let mut client = Client::new(&company.token);
        for count in 1..=cuts {
            std::thread::sleep(EACH);
            if count % 3 == 0 {
                database.lets_visitors_in(false);
                std::thread::sleep(AWAY);
                database.lets_visitors_in(true);
            } else {
                ended += cut(&company);
            }
            healed.push(until_it_writes(&mut client, &nodes[0], &format!("probe{count}")));
        }
        nodes
    });
    let history = office.history();
    let longest = healed.iter().copied().max().unwrap_or_default();
    println!(
        "{cuts} cuts, {ended} connections ended, in {} s: {}; a write went through p50 {} ms, at most {} ms after a cut; seed {}",
        begun.elapsed().as_secs(),
        figures(&history, starts),
        percentile(healed, 50).as_millis(),
        longest.as_millis(),
        seed()
    );
    hold(&company, &nodes[0].address, &history, Whose::Tagged);
    assert!(ended > 0, "there was nothing to cut");
    assert!(history.iter().any(|call| call.tries > 1), "nobody was ever asked to come again");
    if judged {
        assert!(longest <= WELL, "{longest:?}");
    }
}

/// How long it takes until a write is acknowledged.
fn until_it_writes(client: &mut Client, node: &Node, tag: &str) -> Duration {
    let begun = now();
    loop {
        let request = format!("PUT {}", deal_path(tag));
        match client.send(&node.address, &request, &[], Some(&deal(tag))) {
            Sent::Answered(answer) if answer.status == 200 => return begun.elapsed(),
            Sent::Answered(answer) => {
                let later = matches!(answer.status, 429 | 503) && answer.header("retry-after").is_some();
                assert!(later, "{} {}", answer.status, answer.text);
            }
            // The server lives; only its connections were cut.
            Sent::Broken | Sent::Unsent => panic!("the server hung up"),
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "it does not heal");
        std::thread::sleep(Duration::from_millis(5));
    }
}
