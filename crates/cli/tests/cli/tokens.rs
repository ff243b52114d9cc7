use crate::bench::Bench;

#[test]
fn a_token_shows_its_secret_once_and_is_revoked() {
    let bench = Bench::founded();
    let made = bench.run(&[
        "token",
        "create",
        "--role",
        "rev_ops",
        "--name",
        "sync",
        "--action",
        "send_deals",
        "--json",
    ]);
    let made = made.code(0).json();
    let secret = made["secret"].as_str().unwrap();
    assert!(secret.starts_with("tl_") && secret.len() > 40, "{secret}");
    let listed = bench.run(&["token", "list", "--json"]).code(0);
    assert!(!listed.out.contains(secret) && !listed.out.contains("secret"), "{}", listed.out);
    assert_eq!(listed.json()[0]["actions"], serde_json::json!(["send_deals"]));
    bench.run(&["token", "revoke", made["id"].as_str().unwrap()]).code(0);
    assert!(bench.run(&["token", "list"]).code(0).out.contains("revoked"));
    let plain = bench.run(&["token", "create", "--role", "ae"]).code(0).out;
    assert!(plain.lines().last().unwrap().starts_with("tl_"), "{plain}");
}

#[test]
fn a_token_is_not_given_what_its_role_may_not() {
    let bench = Bench::founded();
    assert!(
        bench
            .run(&["token", "create", "--role", "finance", "--action", "manage_people"])
            .code(1)
            .err
            .contains("may not")
    );
    assert!(
        bench.run(&["token", "create", "--role", "ae", "--action", "fly"]).code(2).err.contains("send_deals")
    );
    assert!(bench.run(&["token", "create", "--role", "pilot"]).code(2).err.contains("no role"));
    bench.run(&["token", "revoke", "01999999-0000-7000-8000-000000000000"]).code(1);
    bench.run(&["token", "revoke", "not-an-id"]).code(2);
}
