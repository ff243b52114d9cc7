use crate::bench::Bench;

#[test]
fn people_are_invited_with_roles_teams_and_a_link() {
    let bench = Bench::founded();
    let invited = bench.run(&[
        "people",
        "invite",
        "Maya@Acme.example",
        "--name",
        "Maya Chen",
        "--role",
        "csm:own",
        "--role",
        "cs_leader",
        "--team",
        "Success",
        "--public-url",
        "https://handoff.acme.example/",
        "--json",
    ]);
    let told = invited.code(0).json();
    assert_eq!(told["person"]["email"], "maya@acme.example");
    assert!(told["link"].as_str().unwrap().starts_with("https://handoff.acme.example/welcome?key="));
    let listed = bench.run(&["people", "list", "--json"]).code(0);
    let people = listed.json();
    let maya = people.as_array().unwrap().iter().find(|person| person["name"] == "Maya Chen").unwrap();
    assert_eq!(maya["status"], "invited");
    assert_eq!(maya["grants"].as_array().unwrap().len(), 2);
    assert!(!listed.out.contains("password"), "{}", listed.out);
    let again = bench.run(&["people", "reset-password", "Maya Chen"]).code(0).out;
    assert!(again.contains("/welcome?key="), "{again}");
}

#[test]
fn wrong_roles_addresses_and_names_are_refused() {
    let bench = Bench::founded();
    assert!(
        bench
            .run(&["people", "invite", "x@y.example", "--name", "X", "--role", "king"])
            .code(2)
            .err
            .contains("no role")
    );
    assert!(
        bench
            .run(&["people", "invite", "x@y.example", "--name", "X", "--role", "ae:world"])
            .code(2)
            .err
            .contains("organisation")
    );
    assert!(bench.run(&["people", "invite", "x@y.example", "--name", "X"]).code(2).err.contains("--role"));
    assert!(
        bench
            .run(&["people", "invite", "no-mail", "--name", "X", "--role", "ae"])
            .code(1)
            .err
            .contains("mail address")
    );
    assert!(bench.run(&["people", "deactivate", "nobody@acme.example"]).code(1).err.contains("nobody"));
    assert!(bench.run(&["people", "deactivate", "rita@acme.example"]).code(1).err.contains("process"));
}

#[test]
fn whoever_has_duties_leaves_only_with_a_successor() {
    let bench = Bench::founded();
    for (mail, name) in [("ines@acme.example", "Ines Calloway"), ("milan@acme.example", "Milan Ruzek")] {
        bench.run(&["people", "invite", mail, "--name", name, "--role", "ae"]).code(0);
    }
    let deals = "Opportunity ID,Opportunity Name,Account Name,Stage,Probability (%),Close Date,Owner Email,Last Modified Date\n\
        006bm00000LKJNNAA5,Platform,Brightwater,Negotiation,80,2099-03-15,ines@acme.example,2026-01-02\n";
    bench.run(&["import", "deals", &bench.write("deals.csv", deals)]).code(0);
    let refused = bench.run(&["people", "deactivate", "ines@acme.example"]).code(1);
    assert!(refused.err.contains("successor"), "{}", refused.err);
    let moved = bench.run(&[
        "people",
        "reassign",
        "ines@acme.example",
        "milan@acme.example",
        "--reason",
        "New territory",
        "--json",
    ]);
    assert_eq!(moved.code(0).json()["handoffs_moved"], 1);
    bench.run(&["people", "deactivate", "ines@acme.example"]).code(0);
    bench.run(&["people", "reassign", "milan@acme.example", "ines@acme.example", "--reason", "Back"]).code(1);
}

#[test]
fn an_imported_owner_is_mapped_to_the_person_behind_it() {
    let bench = Bench::founded();
    let deals = "Opportunity ID,Opportunity Name,Account Name,Stage,Probability (%),Close Date,Opportunity Owner,Last Modified Date\n\
        006bm00000LKJNNAA5,Platform,Brightwater,Negotiation,80,2099-03-15,Ines Calloway,2026-01-02\n";
    let told = bench.run(&["import", "deals", &bench.write("deals.csv", deals)]).code(0).out;
    assert!(told.contains("Ines Calloway") && told.contains("people map"), "{told}");
    let waiting = bench.run(&["people", "list", "--not-invited", "--json"]).code(0).json();
    assert_eq!(waiting[0]["name"], "Ines Calloway");
    bench.run(&["people", "invite", "ines@acme.example", "--name", "Ines C.", "--role", "ae"]).code(0);
    let mapped = bench.run(&["people", "map", "Ines Calloway", "ines@acme.example", "--json"]).code(0).json();
    assert_eq!(mapped["handoffs_moved"], 1);
    assert_eq!(
        bench.run(&["people", "list", "--not-invited", "--json"]).code(0).json(),
        serde_json::json!([])
    );
    bench.run(&["people", "map", "ines@acme.example", "rita@acme.example"]).code(1);
}
