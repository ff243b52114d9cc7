use serde_json::Value;

use crate::bench::{Bench, export};

const HEADER: &str = "Opportunity ID,Opportunity Name,Account Name,Stage,Amount,Amount Currency,Probability (%),Close Date,Owner Email";
/// Fifteen characters and their check characters: ids as one system makes them.
const IDS: [&str; 3] = ["006bm00000LKJNNAA5", "006bm00000LKJNOAA5", "006bm00000LKJNPAA5"];

fn counts(bench: &Bench, args: &[&str]) -> Value {
    bench.run(&[&["import", "deals"], args, &["--json"]].concat()).code(0).json()["report"]["counts"].clone()
}

fn of(counts: &Value, name: &str) -> u64 {
    counts[name].as_u64().unwrap()
}

fn facts(bench: &Bench) -> u64 {
    bench.run(&["journal", "verify", "--json"]).code(0).json()["facts"].as_u64().unwrap()
}

#[test]
fn a_report_is_taken_and_the_same_file_again_changes_nothing() {
    let bench = Bench::founded();
    for name in [
        "hubspot-deals-page.csv",
        "salesforce-report-details.csv",
        "hubspot-internal-names.csv",
        "query-result.json",
    ] {
        let file = export(name);
        let first = counts(&bench, &[&file, "--as-of-go-live", "2020-01-01"]);
        assert!(of(&first, "read") > 0, "{name}: {first}");
        let before = facts(&bench);
        let again = counts(&bench, &[&file, "--as-of-go-live", "2020-01-01"]);
        assert_eq!(of(&again, "read"), of(&first, "read"), "{name}");
        assert_eq!(of(&again, "unchanged") + of(&again, "refused"), of(&again, "read"), "{name}: {again}");
        assert_eq!(facts(&bench), before, "{name}");
    }
    bench.run(&["journal", "replay"]).code(0);
}

#[test]
fn a_file_without_times_changes_nothing_twice_and_the_newer_file_wins() {
    let bench = Bench::founded();
    let row = |stage: &str, close: &str| {
        format!("{HEADER}\n{},Platform,Brightwater,{stage},48000,EUR,80,{close},ines@acme.example\n", IDS[0])
    };
    let first = bench.write("first.csv", row("Negotiation", "2099-03-15"));
    assert_eq!(of(&counts(&bench, &[&first]), "opened"), 1);
    assert_eq!(of(&counts(&bench, &[&first]), "unchanged"), 1);
    // An earlier close date must not make the newer file look older.
    let second = bench.write("second.csv", row("Closed Won", "2099-01-15"));
    assert_eq!(of(&counts(&bench, &[&second]), "changed"), 1);
    assert_eq!(of(&counts(&bench, &[&second]), "unchanged"), 1);
}

#[test]
fn a_dry_run_says_what_would_happen_and_writes_nothing() {
    let bench = Bench::founded();
    let file = export("hubspot-deals-page.csv");
    let would = counts(&bench, &[&file, "--as-of-go-live", "2020-01-01", "--dry-run"]);
    assert_eq!(facts(&bench), 0);
    assert_eq!(
        bench.run(&["people", "list", "--not-invited", "--json"]).code(0).json(),
        serde_json::json!([])
    );
    assert_eq!(counts(&bench, &[&file, "--as-of-go-live", "2020-01-01"]), would);
}

#[test]
fn what_closed_before_the_go_live_date_is_history() {
    let rows = format!(
        "{HEADER}\n{},Old,Brightwater,Closed Won,1,EUR,100,2024-03-15,\n{},New,Nordlys,Closed Won,1,EUR,100,2025-03-15,\n",
        IDS[0], IDS[1]
    );
    let bench = Bench::founded();
    let file = bench.write("won.csv", &rows);
    assert_eq!(
        of(&counts(&bench, &[&file, "--dry-run"]), "history"),
        2,
        "today, where nobody says otherwise"
    );
    assert_eq!(of(&counts(&bench, &[&file, "--dry-run", "--as-of-go-live", "2025-01-01"]), "history"), 1);
    bench.run(&["org", "set", "--go-live-on", "2020-01-01"]).code(0);
    assert_eq!(of(&counts(&bench, &[&file]), "opened"), 2, "the organisation's date");
}

#[test]
fn refused_rows_are_told_given_back_mended_and_taken() {
    let bench = Bench::founded();
    let rows = format!(
        "{HEADER}\n{},Sound,Brightwater,Negotiation,48000,EUR,80,2099-03-15,\n\
         {},Odd date,Nordlys,Negotiation,1,EUR,80,next spring,\n{},=1+1,Halden,Negotiation,about 5k,EUR,80,2099-03-15,\n",
        IDS[0], IDS[1], IDS[2]
    );
    let file = bench.write("deals.csv", rows);
    let rejects = bench.path("rejects.csv");
    let told = bench.run(&["import", "deals", &file, "--rejects", &rejects]).code(0).out;
    assert!(told.contains(&format!("{file}:3: Close Date: `next spring`")), "{told}");
    assert!(told.contains(&format!("{file}:4: Amount: `about 5k`")), "{told}");
    let text = std::fs::read_to_string(&rejects).unwrap();
    assert!(text.contains("'=1+1"), "a formula must not run in the spreadsheet it is mended in: {text}");
    let mended =
        bench.write("mended.csv", text.replace("next spring", "2099-04-01").replace("about 5k", "5000"));
    let taken = counts(&bench, &[&mended]);
    assert_eq!((of(&taken, "read"), of(&taken, "opened"), of(&taken, "refused")), (2, 2, 0), "{taken}");
    assert_eq!(of(&counts(&bench, &[&file]), "unchanged"), 1);
}

#[test]
fn rows_the_product_itself_cannot_take_are_refused_with_their_line() {
    let bench = Bench::founded();
    let long = "x".repeat(600);
    let rows = format!("{HEADER}\n{},{long},Brightwater,Negotiation,1,EUR,80,2099-03-15,\n", IDS[0]);
    let file = bench.write("long.csv", rows);
    let rejects = bench.path("rejects.csv");
    let told = bench.run(&["import", "deals", &file, "--rejects", &rejects, "--json"]).code(0).json();
    assert_eq!(told["report"]["refused"][0]["line"], 2);
    assert!(told["report"]["refused"][0]["reason"].as_str().unwrap().contains("500"), "{told}");
    assert!(std::fs::read_to_string(&rejects).unwrap().contains(&long));
}

#[test]
fn what_is_no_list_of_deals_is_refused_with_what_to_export_instead() {
    let bench = Bench::founded();
    for name in ["contacts-with-deals.csv", "leads-with-opportunities.csv", "without-ids.csv"] {
        let told = bench.run(&["import", "deals", &export(name)]).code(1);
        assert!(told.err.lines().count() >= 2, "{name} without a hint: {}", told.err);
    }
    assert!(
        bench
            .run(&["import", "deals", &export("quote-never-closed.csv")])
            .code(3)
            .err
            .contains("quote-never-closed.csv:")
    );
    bench.run(&["import", "deals", &export("workbook.xlsx")]).code(3);
    bench.run(&["import", "deals", &bench.write("empty.csv", "")]).code(3);
    assert!(bench.run(&["import", "deals", "not/there.csv"]).code(3).err.contains("not/there.csv"));
    assert_eq!(facts(&bench), 0);
}

#[test]
fn mapping_meanings_and_source_are_the_persons_to_decide() {
    let bench = Bench::founded();
    let rows = "Nummer,Bezeichnung,Kunde,Phase\nA-1,Platform,Brightwater,Beauftragt\n";
    let file = bench.write("other.csv", rows);
    bench.run(&["import", "deals", &file]).code(1);
    let args = [
        "import",
        "deals",
        &file,
        "--map",
        "external_id=Nummer",
        "--map",
        "name=Bezeichnung",
        "--map",
        "account_name=Kunde",
        "--map",
        "stage=Phase",
        "--stage-means",
        "Beauftragt=won",
        "--source",
        "eigenes",
        "--as-of-go-live",
        "2020-01-01",
        "--json",
    ];
    let told = bench.run(&args).code(0).json();
    assert_eq!(told["report"]["counts"]["opened"], 1);
    bench.run(&["gate", "check", "handoff", "--deal", "eigenes:A-1", "--json"]).code(1);
    assert!(bench.run(&["import", "deals", &file, "--map", "colour=Kunde"]).code(2).err.contains("no field"));
    assert!(
        bench
            .run(&["import", "deals", &file, "--map", "name=Farbe", "--map", "external_id=Nummer"])
            .code(1)
            .err
            .contains("Farbe")
    );
    bench.run(&["import", "deals", &file, "--stage-means", "Beauftragt=maybe"]).code(2);
}

#[test]
fn nothing_is_imported_before_somebody_owns_the_process() {
    let bench = Bench::bare();
    bench.run(&["org", "create", "acme"]).code(0);
    let told = bench.run(&["import", "deals", &export("hubspot-deals-page.csv")]).code(1);
    assert!(told.err.contains("process owner"), "{}", told.err);
}

#[test]
fn a_file_of_all_deals_tells_what_is_only_known_here_and_what_got_past_a_gate() {
    let bench = Bench::founded();
    bench.run(&["org", "set", "--mode", "block-close"]).code(0);
    let row = |id: &str, account: &str, stage: &str| {
        format!("{id},Platform {account},{account},{stage},48000,EUR,80,2099-03-15,ines@acme.example\n")
    };
    let both = format!(
        "{HEADER}\n{}{}",
        row(IDS[0], "Brightwater", "Negotiation"),
        row(IDS[1], "Northgate", "Negotiation")
    );
    let both = bench.write("both.csv", both);
    let compare = |file: &str| {
        let told = bench.run(&["import", "deals", file, "--reconcile", "--json"]).code(0).json();
        told["report"]["reconciled"].clone()
    };
    let first = compare(&both);
    assert_eq!((of(&first, "not_in_file"), of(&first, "past_a_gate")), (0, 0), "{first}");
    // One was won around its gate, the other is not there any more.
    let won = bench.write("won.csv", format!("{HEADER}\n{}", row(IDS[0], "Brightwater", "Closed Won")));
    let second = compare(&won);
    assert_eq!((of(&second, "not_in_file"), of(&second, "found_now")), (1, 1), "{second}");
    assert_eq!(second["missing"][0]["deal"]["external_id"], IDS[1]);
    assert_eq!(second["missing"][0]["account"], "Northgate");
    assert_eq!(second["bypassed"][0]["deal"]["external_id"], IDS[0]);
    assert_eq!(second["bypassed"][0]["gates"][0][0], "handoff");
    // Nothing new the next night; the gate stays passed by, and the deal is still known.
    let third = compare(&won);
    assert_eq!((of(&third, "past_a_gate"), of(&third, "found_now")), (1, 0), "{third}");
    let told = bench.run(&["import", "deals", &won, "--reconcile"]).code(0).out;
    assert!(told.contains("1  known here and not in the file") && told.contains("Northgate"), "{told}");
    assert!(told.contains("1  past a gate without a pass, 0 of them found by this file"), "{told}");
}
