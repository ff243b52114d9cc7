use throughline_domain::playbook::shipped;

use crate::bench::{Bench, run};

#[test]
fn shipped_playbooks_are_listed_shown_and_sound() {
    let bench = Bench::bare();
    let listed = run(&["playbook", "list", "--json"]).code(0).json();
    let names: Vec<&str> =
        listed.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    let shipped_are: Vec<&str> = shipped::shipped().iter().map(|(name, _)| *name).collect();
    assert!(names == shipped_are && names.contains(&"enterprise-protocol"), "{names:?}");
    for name in names {
        let shown = run(&["playbook", "show", name]).code(0).out;
        assert_eq!(Some(shown.as_str()), shipped::source(name));
        let file = bench.write(&format!("{name}.yaml"), shown);
        assert!(run(&["playbook", "check", &file]).code(0).out.contains("sound"));
        assert!(run(&["playbook", "diff", name, &file]).code(0).out.contains("no difference"));
    }
    assert!(run(&["playbook", "show", "nobodys"]).code(1).err.contains("default"));
    run(&["playbook", "show", "default", "--version", "1"]).code(2);
}

#[test]
fn findings_are_told_with_file_line_and_column() {
    let bench = Bench::bare();
    let source = shipped::source("default").unwrap();
    let broken = bench.write("broken.yaml", source.replace("transfer_on: warm_intro", "transfer_on: never"));
    let sound = bench.write("sound.yaml", source);
    let told = run(&["playbook", "check", &sound, &broken]).code(1).out;
    let line = source.lines().position(|line| line.starts_with("transfer_on")).unwrap() + 1;
    assert!(told.contains(&format!("{broken}:{line}:")), "{told}");
    assert!(told.contains(&format!("{sound}: sound")), "{told}");
    let json = run(&["playbook", "check", &broken, "--json"]).code(1).json();
    assert_eq!((&json["findings"][0]["file"], &json["findings"][0]["line"]), (&broken.into(), &line.into()));
    assert!(run(&["playbook", "check", &sound, "not/there.yaml"]).code(3).err.contains("not/there.yaml"));
    let odd = bench.write("latin.yaml", b"playbook: d\xE9fault\n");
    assert!(run(&["playbook", "check", &odd]).code(3).err.contains("UTF-8"));
    run(&["playbook", "check"]).code(2);
}

#[test]
fn differences_end_with_one_and_are_told() {
    let bench = Bench::bare();
    let source = shipped::source("default").unwrap();
    let later = bench.write("later.yaml", source.replace("transfer_on: warm_intro", "transfer_on: kickoff"));
    let told = run(&["playbook", "diff", "default", &later]).code(1);
    assert_eq!(told.out, "playbook: transfer on changed from warm_intro to kickoff\n");
    assert_eq!(run(&["playbook", "diff", "default", &later, "--json"]).code(1).json()[0]["kind"], "changed");
    run(&["playbook", "diff", "default", "nobodys"]).code(1);
}

#[test]
fn a_playbook_is_published_as_a_new_version_once() {
    let bench = Bench::founded();
    let source = shipped::source("default").unwrap();
    let later = bench.write("later.yaml", source.replace("transfer_on: warm_intro", "transfer_on: kickoff"));
    for _ in 0..2 {
        assert_eq!(bench.run(&["playbook", "publish", &later, "--json"]).code(0).json()["version"], 2);
    }
    assert!(bench.run(&["playbook", "list"]).code(0).out.contains("default@2"));
    assert!(bench.run(&["playbook", "show", "default"]).code(0).out.contains("transfer_on: kickoff"));
    assert!(
        bench
            .run(&["playbook", "show", "default", "--version", "1"])
            .code(0)
            .out
            .contains("transfer_on: warm_intro")
    );
    let broken = bench.write("broken.yaml", "playbook: default\n");
    assert!(bench.run(&["playbook", "publish", &broken]).code(1).out.contains("broken.yaml:"));
}

#[test]
fn the_schema_is_json() {
    let schema = run(&["playbook", "schema"]).code(0).json();
    assert!(schema["properties"]["gates"].is_object());
}
