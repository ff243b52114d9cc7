use crate::bench::{Bench, run};

#[test]
fn a_shipped_template_can_be_taken_out_changed_and_tried() {
    let bench = Bench::bare();
    let shipped = run(&["template", "show", "offered"]).code(0).out;
    assert!(shipped.starts_with("Subject: "), "{shipped}");
    let file = bench.write("offered.txt", shipped.replace("Hello", "Dear").replace('\n', "\r\n"));
    let told = run(&["template", "check", &file, "--kind", "offered"]).code(0).out;
    assert!(told.contains("== as little as can be") && told.contains("Dear Maya Lindt"), "{told}");
    let list = run(&["template", "list", "--json"]).code(0).json();
    assert!(list.as_array().unwrap().iter().any(|one| one["kind"] == "offered" && one["group"] == "handoff"));
    assert!(run(&["template", "show", "offered", "--names"]).code(0).out.contains("brief.people[].name"));
}

#[test]
fn a_fault_is_told_with_its_place_and_what_is_no_kind_with_the_kinds() {
    let bench = Bench::bare();
    let file = bench.write("bad.txt", "Subject: x\n\n{{ csm }}\n");
    let told = run(&["template", "check", &file, "--kind", "offered"]).code(1).out;
    assert!(told.contains("bad.txt:3:4: `csm` can be empty"), "{told}");
    let told = run(&["template", "check", &file, "--kind", "offered", "--json"]).code(1).json();
    assert_eq!((&told["sound"], &told["fault"]["line"]), (&false.into(), &3.into()), "{told}");
    let large = bench.write("large.txt", format!("Subject: x\n\n{}", "y".repeat(20_000)));
    assert!(run(&["template", "check", &large, "--kind", "offered"]).code(1).out.contains("at most"));
    assert!(
        run(&["template", "check", "not/there.txt", "--kind", "offered"])
            .code(3)
            .err
            .contains("not/there.txt")
    );
    assert!(run(&["template", "show", "offerd"]).code(2).err.contains("one of record_opened"));
}
