use crate::bench::Bench;

fn with_a_deal() -> Bench {
    let bench = Bench::founded();
    let deals = "Opportunity ID,Opportunity Name,Account Name,Stage,Amount,Amount Currency,Probability (%),Close Date,Opportunity Owner,Last Modified Date\n\
        006bm00000LKJNNAA5,Platform,Brightwater,Negotiation,48000,EUR,80,2099-03-15,Ines Calloway,2026-01-02\n";
    bench.run(&["import", "deals", &bench.write("deals.csv", deals)]).code(0);
    bench
}

#[test]
fn a_refusal_ends_with_one_and_names_gaps_owners_and_places() {
    let bench = with_a_deal();
    let asked = ["gate", "check", "handoff", "--deal", "salesforce:006bm00000LKJNNAA5"];
    let told = bench.run(&asked).code(1).out;
    assert!(told.starts_with("handoff: refused (not enforced)"), "{told}");
    assert!(told.contains("owed by Rita Owner (AE)") && told.contains("#ask-"), "{told}");
    let json = bench.run(&[&asked[..], &["--json"]].concat()).code(1).json();
    assert_eq!(json["verdict"], "refused");
    assert_eq!(json["enforced"], false);
    let by_handoff =
        bench.run(&["gate", "check", "kickoff", "--handoff", json["handoff_id"].as_str().unwrap(), "--json"]);
    assert_eq!(by_handoff.code(1).json()["enforced"], true);
}

#[test]
fn a_preview_leaves_no_trace_and_an_attempt_does() {
    let bench = with_a_deal();
    let facts =
        |bench: &Bench| bench.run(&["journal", "verify", "--json"]).code(0).json()["facts"].as_u64().unwrap();
    let before = facts(&bench);
    let asked = ["gate", "check", "handoff", "--deal", "salesforce:006bm00000LKJNNAA5"];
    bench.run(&asked).code(1);
    assert_eq!(facts(&bench), before);
    bench.run(&[&asked[..], &["--intent", "attempt"]].concat()).code(1);
    assert_eq!(facts(&bench), before + 1);
}

#[test]
fn an_unknown_deal_is_refused_with_the_page_that_opens_it() {
    let bench = Bench::founded();
    let told =
        bench.run(&["gate", "check", "handoff", "--deal", "salesforce:nobody", "--json"]).code(1).json();
    assert_eq!(told["gaps"][0]["about"]["of"], "no_record");
    assert!(told["gaps"][0]["url"].as_str().unwrap().contains("external_id=nobody"));
    bench.run(&["gate", "check", "moon", "--deal", "salesforce:x"]).code(2);
    bench.run(&["gate", "check", "handoff", "--deal", "without-source"]).code(2);
    bench.run(&["gate", "check", "handoff"]).code(2);
    bench.run(&["gate", "check", "handoff", "--handoff", "01999999-0000-7000-8000-000000000000"]).code(1);
}
