//! One believable deal. All of it invented.

use jiff::Timestamp;
use jiff::civil::date;
use throughline_domain::Money;
use throughline_web::i18n::Text;
use throughline_web::ui::{
    Choice, Conflict, Crumb, Evidence, Field, Gap, GateMark, Meter, Pager, Person, Position, PromiseLife,
    Reading, ScoreMark, Stage, Step, Tab, Track,
};

pub struct Content {
    pub crumbs: Vec<Crumb>,
    pub track: Vec<Track>,
    pub meter: Meter,
    pub gaps: Vec<Gap>,
    pub no_gaps: Vec<Gap>,
    pub steps: Vec<Step>,
    pub evidence: Evidence,
    pub tabs: Vec<Tab>,
    pub pager: Pager,
    pub rows: Vec<Row>,
    pub promises: Vec<Promise>,
    pub conflict: Conflict,
    pub arr: String,
    pub now: Timestamp,
    pub why_now: Field,
    pub success: Field,
    pub measure: Field,
    pub buyer: Field,
    pub sponsor: Field,
    pub amount: Field,
    pub go_live: Field,
    pub reason: Field,
    pub channel: Field,
    pub mail: Field,
    pub password: Field,
    pub choices: Vec<Choice>,
    pub ae: Person,
    pub csm: Person,
    pub scores: Vec<(String, ScoreMark)>,
}

pub struct Row {
    pub account: String,
    pub deal: String,
    pub amount: String,
    pub stage: Stage,
    pub gate: GateMark,
    pub meter: Meter,
    pub owner: Person,
    pub reading: Reading,
    pub due: String,
}

pub struct Promise {
    pub what: String,
    pub strength: String,
    pub life: PromiseLife,
    pub owes: Person,
    pub due: String,
}

impl Content {
    pub fn new(t: &Text) -> Self {
        let now: Timestamp = "2026-11-22T13:03:00Z".parse().unwrap_or_default();
        let euros = |minor| {
            "EUR".parse().map_or_else(|_| String::new(), |currency| t.money(Money { minor, currency }))
        };
        let ae = Person::named("Jonas Weber").as_a("AE");
        let csm = Person::named("Maya Lindqvist").as_a("CSM");
        let desk = Person::named("Priya Raman").as_a("Deal desk");
        let stop = |name: &str, note: Option<&str>, position| Track::Stop {
            name: name.to_owned(),
            note: note.map(str::to_owned),
            position,
        };
        let gate = |name: &str, mark| Track::Gate { name: name.to_owned(), mark };
        let step = |name: &str, reading, owner: &Person, facts: &[&str]| Step {
            name: name.to_owned(),
            reading,
            owner: Some(owner.clone()),
            facts: facts.iter().map(|fact| (*fact).to_owned()).collect(),
            href: None,
        };
        let gap = |what: &str, why: &str, owes: &Person| Gap {
            what: what.to_owned(),
            why: why.to_owned(),
            owes: owes.clone(),
            href: "#f-buyer".to_owned(),
        };
        Self {
            crumbs: vec![Crumb::new("Deals", "/deals"), Crumb::new("Brauhaus Lindner GmbH", "/accounts/lindner")],
            track: vec![
                stop("Preparing", Some("since 3 Nov"), Position::Past),
                gate("Handoff", GateMark::Pass),
                stop("Offered", Some("to Maya, 20 Nov"), Position::Now),
                gate("Assignment", GateMark::Refused),
                stop("Assigned", None, Position::Ahead),
                gate("Kickoff", GateMark::Ahead),
                stop("Owned", None, Position::Ahead),
                gate("Done", GateMark::Ahead),
                stop("Done", None, Position::Ahead),
            ],
            meter: Meter { done: 9, all: 12, next: Some(("Economic buyer".to_owned(), "#f-buyer".to_owned())) },
            gaps: vec![
                gap("Economic buyer", "Required because ARR is €50,000 or more", &ae),
                gap("How success is measured", "Always required: what the customer will look at after 90 days", &ae),
                gap("SAP connector by end of Q3", "A feature date that is not in the contract needs a decision", &desk),
            ],
            no_gaps: Vec::new(),
            steps: vec![
                step("Record ready", Reading::Early, &ae, &["12 Nov, 7 business days before signature"]),
                step("Early introduction", Reading::Met, &ae, &["Mon 16 Nov, 10:00", "attested by Jonas Weber"]),
                step("Internal handoff call", Reading::Late, &csm, &["Fri 20 Nov, 4 days before the kickoff", "target 7"]),
                step("Warm introduction", Reading::Overdue, &ae, &["was due Sat 21 Nov, 17:00", "21 h ago"]),
                step("First contact", Reading::Waiting, &csm, &["24 h after the introduction"]),
                step("Kickoff booked", Reading::Running, &csm, &["due Thu 3 Dec, 17:00", "in 11 days"]),
            ],
            evidence: Evidence {
                quote: "If the brewmasters don't open it on a Monday morning by March, this was a waste of money. That is \
                        how I will judge it."
                    .to_owned(),
                speaker: Person::named("Katrin Lindner").as_a("Managing director, economic buyer"),
                when: t.date(date(2026, 10, 29)),
                source: "Discovery call, 00:31:07".to_owned(),
                href: Some("#passage".to_owned()),
            },
            tabs: ["Record", "Promises", "Steps", "Questions", "Timeline"]
                .into_iter()
                .enumerate()
                .map(|(place, label)| Tab {
                    label: label.to_owned(),
                    href: format!("#{label}"),
                    current: place == 0,
                    count: (place == 1).then_some(3),
                })
                .collect(),
            pager: Pager { newer: Some("?before=a".to_owned()), older: Some("?after=z".to_owned()) },
            rows: rows(&euros, &ae, &csm),
            promises: vec![
                Promise {
                    what: "SAP connector by the end of Q3".to_owned(),
                    strength: "Promised".to_owned(),
                    life: PromiseLife::Countered,
                    owes: desk,
                    due: t.date(date(2027, 9, 30)),
                },
                Promise {
                    what: "A named solutions engineer during the first 60 days".to_owned(),
                    strength: "Implied".to_owned(),
                    life: PromiseLife::Approved,
                    owes: ae.clone(),
                    due: t.date(date(2027, 1, 24)),
                },
                Promise {
                    what: "Price held for two further sites".to_owned(),
                    strength: "Left soft".to_owned(),
                    life: PromiseLife::ToBeCorrected,
                    owes: ae.clone(),
                    due: t.date(date(2026, 12, 4)),
                },
            ],
            conflict: Conflict {
                label: "Why now".to_owned(),
                mine: "The new brewery in Fürth opens in March; until then planning must leave Excel.".to_owned(),
                theirs: "New site in Fürth, opening moved to April.".to_owned(),
                by: "Jonas Weber, 14:02".to_owned(),
                version: 18,
                href: "#record".to_owned(),
            },
            arr: euros(6_480_000),
            now,
            why_now: Field::new("why_now", "Why now")
                .hint("The trigger, and whether it still holds. Two sentences are enough.")
                .value("The new brewery in Fürth opens in March. Until then planning must leave Excel."),
            success: Field::new("success", "Success, in the customer's words")
                .hint("Word for word. Our own wording does not count here.")
                .value("Brewmasters open it on a Monday morning instead of calling the office."),
            measure: Field::new("measure", "How the customer will measure it")
                .need("always required")
                .hint("What they will look at after 90 days."),
            buyer: Field::new("buyer", "Economic buyer")
                .need("required from €50,000")
                .value("K. Lindner")
                .error(Some("Please write first and last name: there are two people called Lindner at this account.")),
            sponsor: Field::new("sponsor", "Executive sponsor").value("Thomas Ebner").filled_from("Salesforce"),
            amount: Field::new("arr", "ARR").value("64,800.00").filled_from("Salesforce"),
            go_live: Field::new("go_live", "The customer expects to be live on").value("2027-03-01"),
            reason: Field::new("reason", "Why does it go back?").required(),
            channel: Field::new("channel", "Reminders").hint("One message per morning, whatever is due."),
            mail: Field::new("mail", "Work e-mail").required().autocomplete("username"),
            password: Field::new("password", "Password").required().autocomplete("current-password"),
            choices: vec![
                Choice::new("mail", "By mail").chosen(true),
                Choice::new("slack", "In Slack"),
                Choice::new("none", "Only in my queue"),
            ],
            ae,
            csm,
            scores: vec![
                ("Customer intent".to_owned(), ScoreMark::Clear),
                ("Stakeholder map".to_owned(), ScoreMark::Partial),
                ("Scope and expectations".to_owned(), ScoreMark::Unclear),
                ("Implementation risk".to_owned(), ScoreMark::Clear),
            ],
        }
    }
}

fn rows(euros: &impl Fn(i64) -> String, ae: &Person, csm: &Person) -> Vec<Row> {
    let row = |account: &str, deal: &str, minor, stage, gate, done, owner: &Person, reading, due: &str| Row {
        account: account.to_owned(),
        deal: deal.to_owned(),
        amount: euros(minor),
        stage,
        gate,
        meter: Meter { done, all: 12, next: None },
        owner: owner.clone(),
        reading,
        due: due.to_owned(),
    };
    let ines = Person::named("Inês Carvalho");
    vec![
        row(
            "Brauhaus Lindner GmbH",
            "Planning, 4 sites",
            6_480_000,
            Stage::Offered,
            GateMark::Refused,
            9,
            ae,
            Reading::Overdue,
            "21 h ago",
        ),
        row(
            "Fjordline Shipping AS",
            "Fleet analytics",
            18_200_000,
            Stage::Preparing,
            GateMark::Ahead,
            5,
            &ines,
            Reading::Running,
            "in 3 days",
        ),
        row(
            "Halcyon Health Group",
            "Pilot, radiology",
            4_950_000,
            Stage::Assigned,
            GateMark::Waived,
            11,
            csm,
            Reading::Running,
            "in 5 h",
        ),
        row(
            "Öresund Energi",
            "Grid forecasting",
            31_000_000,
            Stage::Owned,
            GateMark::Pass,
            12,
            csm,
            Reading::Met,
            "Thu 19 Nov",
        ),
        row(
            "Tallis & Reed LLP",
            "Expansion, matter costs",
            2_160_000,
            Stage::Preparing,
            GateMark::Bypassed,
            3,
            &ines,
            Reading::Late,
            "Mon 16 Nov",
        ),
        row(
            "Castellano Foods",
            "Demand planning",
            9_600_000,
            Stage::Done,
            GateMark::Pass,
            12,
            csm,
            Reading::Met,
            "Fri 6 Nov",
        ),
        row(
            "Meridian Rail",
            "Depot scheduling",
            12_400_000,
            Stage::Withdrawn,
            GateMark::NotRequired,
            2,
            ae,
            Reading::Waiting,
            "–",
        ),
    ]
}
