//! Exports stranger than they should be, each small enough to stand in its test.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use jiff::{Timestamp, tz::TimeZone};
use throughline_connect::{
    DayOrder, DealRow, DecimalMark, Export, Field, Moment, Note, Object, Options, Outcome, ReadError, Reject,
    System, inspect,
};

fn options() -> Options {
    Options { zone: TimeZone::get("Europe/Berlin").unwrap(), ..Options::default() }
}

fn read(text: &str, options: &Options) -> (Vec<DealRow>, Vec<Reject>, Vec<Note>) {
    let export = Export::open(text.as_bytes(), options).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let (mut deals, mut rejects) = (Vec::new(), Vec::new());
    for row in export.rows() {
        match row {
            Ok(deal) => deals.push(deal),
            Err(reject) => rejects.push(reject),
        }
    }
    (deals, rejects, export.summary().notes.clone())
}

fn one(text: &str) -> DealRow {
    let (deals, rejects, _) = read(text, &options());
    assert!(rejects.is_empty(), "{rejects:?}");
    assert_eq!(deals.len(), 1);
    deals.into_iter().next().unwrap()
}

#[test]
fn names_in_capitals_with_relations_are_the_same_columns() {
    let deal = one(
        "\"ID\",\"NAME\",\"STAGENAME\",\"CLOSEDATE\",\"ACCOUNT.NAME\",\"OWNER.NAME\",\"OWNER.EMAIL\",\"ISWON\",\"ISCLOSED\",\"CSM__C\",\"ARR__C\",\"SIGNED_DATE__C\",\"ACCOUNT.SEGMENT__C\"\n\
        \"006bm00000LKJNNAA5\",\"Brightwater\",\"Closed Won\",\"2024-03-15\",\"Brightwater Foods\",\"Ines Calloway\",\"Ines@Throughline.example\",\"true\",\"true\",\"005bm00000AbCdEAAX\",\"36000\",\"2024-03-14\",\"Enterprise\"\n",
    );
    assert_eq!(deal.account_name.as_deref(), Some("Brightwater Foods"));
    assert_eq!(deal.owner.email.as_deref(), Some("ines@throughline.example"));
    assert_eq!(deal.csm.id.as_deref(), Some("005bm00000AbCdEAAX"));
    assert_eq!(deal.arr.map(|arr| arr.minor), Some(3_600_000));
    assert_eq!(deal.segment.as_deref(), Some("Enterprise"));
    assert_eq!(deal.signed_at, Some(Moment::Day("2024-03-14".parse().unwrap())));
    assert!(deal.is_won() && deal.is_closed());
}

#[test]
fn a_report_over_deals_and_their_accounts_stays_a_report_over_deals() {
    let header = "Opportunity Name,Opportunity ID,Stage,Close Date,Account Name,Billing City,Billing State/Province,Industry,Annual Revenue,Employees,Phone,Website,Type";
    let row = "Brightwater,006bm00000LKJNN,Closed Won,3/15/2024,Brightwater Foods,Austin,TX,Food,100000,50,555,brightwater.example,New";
    assert_eq!(one(&format!("{header}\n{row}\n")).name, "Brightwater");
}

#[test]
fn a_report_with_a_row_for_each_product_gives_each_deal_once() {
    let text = "Opportunity Name,Opportunity ID,Stage,Amount,Close Date,Product Name,Quantity,Sales Price,Total Price\n\
        Brightwater,006bm00000LKJNN,Closed Won,300,3/15/2024,Seats,1,100,100\n\
        Brightwater,006bm00000LKJNN,Closed Won,300,3/15/2024,Support,2,100,200\n";
    let (deals, rejects, notes) = read(text, &options());
    assert_eq!((deals.len(), rejects.len()), (1, 0));
    assert_eq!(deals[0].line, 3);
    assert!(
        notes
            .iter()
            .any(|note| matches!(note, Note::DuplicateIds { ids: 1, skipped: 1, by_date: false, .. }))
    );
}

#[test]
fn a_pick_list_of_contacts_leads_accounts_or_tasks_is_never_a_list_of_deals() {
    for (header, object) in [
        ("Contact ID,First Name,Last Name,Email,Account Name,Opportunity Name", Object::Contact),
        ("Id,FirstName,LastName,Company,Status,IsConverted,ConvertedOpportunityId", Object::Lead),
        ("Account ID,Account Name,Type,Industry,Billing City,Annual Revenue,Account Owner", Object::Account),
        (
            "Record ID,Company name,Company owner,Create Date,Close Date,Lifecycle Stage,Recent Deal Amount,Company Domain Name",
            Object::Account,
        ),
        ("Id,WhoId,WhatId,Subject,ActivityDate,Status,IsClosed,OwnerId", Object::Activity),
        ("Ticket ID,Ticket name,Pipeline,Ticket status,Create date,Close date,Priority", Object::Ticket),
        ("Id,OpportunityId,PricebookEntryId,Quantity,UnitPrice,TotalPrice", Object::LineItem),
        ("Id,OpportunityId,ContactId,Role,IsPrimary", Object::Link),
    ] {
        let text = format!("{header}\n{}\n", ",".repeat(header.matches(',').count()).replacen(',', "x,", 1));
        let overrides = Options {
            mapping: [(Field::ExternalId, header.split(',').next().unwrap().to_owned())].into(),
            ..options()
        };
        for options in [options(), overrides] {
            match Export::open(text.as_bytes(), &options) {
                Err(ReadError::Refused { refusal, summary }) => {
                    assert_eq!(summary.recognised.object, object, "{header}");
                    assert!(
                        refusal.hint().contains("Opportunit") || refusal.hint().contains("eals"),
                        "{header}"
                    );
                }
                other => panic!("{header}: {other:?}"),
            }
        }
    }
}

#[test]
fn a_file_nobody_knows_can_be_mapped_by_hand() {
    let text = "Vorgang,Bezeichnung,Stufe,Geld\n17,Brightwater,Gewonnen,48000\n";
    assert!(matches!(Export::open(text.as_bytes(), &options()), Err(ReadError::Refused { .. })));
    let mapping = [
        (Field::ExternalId, "vorgang".to_owned()),
        (Field::Name, "Bezeichnung".to_owned()),
        (Field::Stage, "Stufe".to_owned()),
    ];
    let options = Options { mapping: mapping.into(), ..options() };
    let (deals, _, _) = read(text, &options);
    assert_eq!((deals[0].external_id.as_str(), deals[0].outcome), ("17", Outcome::Won));
    assert_eq!(deals[0].extra.get("Geld").map(String::as_str), Some("48000"));
}

#[test]
fn a_mapping_to_a_column_that_is_not_there_says_so() {
    let options = Options { mapping: [(Field::Amount, "ACV".to_owned())].into(), ..options() };
    let error = inspect(b"Id,Name,StageName,CloseDate\n", &options).unwrap_err();
    assert!(matches!(&error, ReadError::Mapping(missing) if missing.field == Field::Amount), "{error}");
}

#[test]
fn a_person_says_what_a_stage_means() {
    let text = "Record ID,Deal Name,Deal Stage,Amount\n1,A,1142097,5\n2,B,closedwon,5\n";
    let outcomes = [("1142097".to_owned(), Outcome::Won), ("ClosedWon".to_owned(), Outcome::Lost)];
    let (deals, _, _) = read(text, &Options { outcomes: outcomes.into(), ..options() });
    assert_eq!([deals[0].outcome, deals[1].outcome], [Outcome::Won, Outcome::Lost]);
}

#[test]
fn a_person_says_how_dates_and_numbers_are_written() {
    let text = "Opportunity ID,Opportunity Name,Stage,Close Date,Amount\n006bm00000LKJNNAA5,A,Won,03/04/2024,\"1,124\"\n";
    let said = Options {
        day_order: Some(DayOrder::DayFirst),
        decimal_mark: Some(DecimalMark::Comma),
        currency: Some("KWD".parse().unwrap()),
        ..options()
    };
    let (deals, _, _) = read(text, &said);
    assert_eq!(deals[0].close_date.map(|date| date.to_string()).as_deref(), Some("2024-04-03"));
    assert_eq!(deals[0].amount.map(|amount| amount.minor), Some(1_124));
    let (deals, _, notes) = read(text, &options());
    assert_eq!(deals[0].close_date.map(|date| date.to_string()).as_deref(), Some("2024-03-04"));
    assert_eq!(deals[0].amount.map(|amount| amount.minor), Some(112_400));
    assert!(notes.iter().any(|note| matches!(note, Note::AmbiguousDates { .. })));
    assert!(notes.iter().any(|note| matches!(note, Note::AmbiguousNumbers { .. })));
}

#[test]
fn an_afternoon_in_the_file_makes_it_american_and_a_semicolon_does_not() {
    let halves = "Opportunity ID,Opportunity Name,Stage,Close Date,Last Modified Date\n006bm00000LKJNNAA5,A,Won,03/04/2024,03/05/2024 8:55 PM\n";
    assert_eq!(one(halves).close_date.map(|date| date.to_string()).as_deref(), Some("2024-03-04"));
    let semicolons =
        "Opportunity ID;Opportunity Name;Stage;Close Date\n006bm00000LKJNNAA5;A;Won;03/04/2024\n";
    assert_eq!(one(semicolons).close_date.map(|date| date.to_string()).as_deref(), Some("2024-04-03"));
}

#[test]
fn times_without_a_zone_are_the_organisations() {
    let text = "Record ID,Deal Name,Deal Stage,Last Modified Date\n1,A,closedwon,2024-07-01 12:00\n";
    let options = Options { zone: TimeZone::get("America/New_York").unwrap(), ..Options::default() };
    let (deals, _, _) = read(text, &options);
    let noon: Timestamp = "2024-07-01T16:00:00Z".parse().unwrap();
    assert_eq!(deals[0].modified, Some(Moment::Instant(noon)));
}

#[test]
fn probabilities_of_one_and_of_a_hundred_are_told_apart_by_their_column() {
    let shares = "Record ID,Deal Name,Deal Stage,Deal probability\n1,A,closedwon,1\n2,B,x,0.2\n";
    let (deals, _, _) = read(shares, &options());
    assert_eq!(deals.iter().map(|deal| deal.probability.unwrap().whole()).collect::<Vec<_>>(), [100, 20]);
    let percents = "Opportunity ID,Opportunity Name,Stage,Probability (%)\n006bm00000LKJNNAA5,A,Won,1\n006bm00000LKJNOAA5,B,x,0\n";
    let (deals, _, _) = read(percents, &options());
    assert_eq!(deals[0].probability.unwrap().whole(), 1);
}

#[test]
fn a_newer_row_that_cannot_be_read_is_not_replaced_by_an_older_one() {
    let text = "Id,Name,StageName,CloseDate,LastModifiedDate\n\
        006bm00000LKJNNAA5,Old,Closed Won,2024-03-15,2024-03-01T10:00:00Z\n\
        006bm00000LKJNNAA5,New,Closed Won,soon,2024-04-01T10:00:00Z\n";
    let (deals, rejects, _) = read(text, &options());
    assert!(deals.is_empty());
    assert_eq!(rejects[0].line, 3);
}

#[test]
fn records_on_one_line_are_told_apart_by_their_number() {
    let text = r#"[{"Id":"006bm00000LKJNNAA5","Name":"Old","StageName":"Won"},{"Id":"006bm00000LKJNNAA5","Name":"New","StageName":"Won"}]"#;
    let (deals, _, _) = read(text, &options());
    assert_eq!(deals.iter().map(|deal| deal.name.as_str()).collect::<Vec<_>>(), ["New"]);
}

#[test]
fn columns_without_name_keep_what_they_hold_unless_they_come_last() {
    let text = ",Opportunity ID,Opportunity Name,Stage,,\n0,006bm00000LKJNNAA5,A,Won,,\n1,006bm00000LKJNOAA5,B,Won,,stray\n";
    let (deals, rejects, _) = read(text, &options());
    assert_eq!(deals[0].extra.get("Column 1").map(String::as_str), Some("0"));
    assert_eq!(rejects[0].faults[0].reason.code(), "too-many-values");
}

#[test]
fn cells_far_too_long_are_refused_and_the_rest_is_read() {
    let long = "x".repeat(129 * 1024);
    let text = format!(
        "Id,Name,StageName,CloseDate,Description\n006bm00000LKJNNAA5,A,Won,,{long}\n006bm00000LKJNOAA5,B,Won,,ok\n006bm00000LKJNPAA5,{},Won,,\n",
        &long[..5_000]
    );
    let (deals, rejects, _) = read(&text, &options());
    assert_eq!(deals.len(), 1);
    let codes: Vec<_> = rejects.iter().map(|reject| reject.faults[0].reason.code()).collect();
    assert_eq!(codes, ["cell-too-long", "text-too-long"]);
    assert!(rejects.iter().all(|reject| reject.faults[0].value.chars().count() <= 81));
}

#[test]
fn long_notes_are_kept_in_part_and_that_is_said() {
    let text =
        format!("Id,Name,StageName,CloseDate,Description\n006bm00000LKJNNAA5,A,Won,,{}\n", "é".repeat(5_000));
    let (deals, _, notes) = read(&text, &options());
    assert!(deals[0].extra["Description"].len() <= 4_096);
    assert!(notes.contains(&Note::ExtrasShortened { count: 1 }));
}

#[test]
fn hundreds_of_columns_are_kept_to_a_bound_and_that_is_said() {
    let header: Vec<String> = (0..300).map(|number| format!("Custom{number}__c")).collect();
    let text = format!(
        "Id,Name,StageName,{}\n006bm00000LKJNNAA5,A,Won,{}\n",
        header.join(","),
        vec!["v"; 300].join(",")
    );
    let (deals, _, notes) = read(&text, &options());
    assert_eq!(deals[0].extra.len(), 200);
    assert!(notes.contains(&Note::ExtrasDropped { count: 100 }));
}

#[test]
fn a_footer_is_told_from_a_last_deal() {
    let text = "Opportunity ID,Opportunity Name,Stage,Amount\n006bm00000LKJNNAA5,A,Won,1\n,B without id,Won,1\nAll won deals\n\n";
    let (deals, rejects, notes) = read(text, &options());
    assert_eq!((deals.len(), rejects.len()), (1, 1));
    assert!(notes.iter().any(|note| matches!(note, Note::FooterSkipped { line: 4, count: 1, .. })));
    // Between deals the same row is a row, and refused.
    let text = "Opportunity ID,Opportunity Name,Stage,Amount\nAll won deals\n006bm00000LKJNNAA5,A,Won,1\n";
    let (deals, rejects, _) = read(text, &options());
    assert_eq!((deals.len(), rejects.len(), rejects[0].line), (1, 1, 2));
}

#[test]
fn a_file_that_stops_in_a_row_loses_that_row_and_says_so() {
    let text = "Id,Name,StageName,CloseDate,Amount\n006bm00000LKJNNAA5,A,Won,2024-03-15,1\n006bm00000LKJ";
    let (deals, rejects, notes) = read(text, &options());
    assert_eq!((deals.len(), rejects.len()), (1, 1));
    assert!(notes.iter().any(|note| matches!(note, Note::ShortRows { count: 1, line: 3 })));
}

#[test]
fn pipes_tabs_and_padded_commas_are_delimiters_too() {
    for text in [
        "Id|Name|StageName\n006bm00000LKJNNAA5|A, B|Won\n",
        "Id\tName\tStageName\n006bm00000LKJNNAA5\tA, B\tWon\n",
        "\"Id\", \"Name\", \"StageName\"\n\"006bm00000LKJNNAA5\", \"A, B\", \"Won\"\n",
    ] {
        let deal = one(text);
        assert_eq!((deal.name.as_str(), deal.stage.as_deref()), ("A, B", Some("Won")), "{text}");
    }
}

#[test]
fn the_system_is_told_from_its_looks_alikes() {
    for (header, system) in [
        ("Record ID,Deal Name,Deal Stage,Amount,Close Date,Deal owner", System::HubSpot),
        ("Record Id,Deal Name,Stage,Closing Date,Amount,Deal Owner,Account Name", System::Other),
        (
            "Deal - ID,Deal - Title,Deal - Value,Deal - Stage,Deal - Owner,Deal - Expected close date,Deal - Status",
            System::Other,
        ),
        ("Opportunity ID,Opportunity Name,Stage,Close Date", System::Salesforce),
        ("id,deal name,stage,amount", System::Other),
    ] {
        let summary = inspect(format!("{header}\n").as_bytes(), &options()).unwrap();
        assert_eq!(
            (summary.recognised.system, summary.recognised.object),
            (system, Object::Deal),
            "{header}"
        );
        assert_eq!(summary.refusal, None, "{header}");
    }
}

#[test]
fn a_status_column_tells_the_end_where_stages_do_not() {
    let text = "Deal - ID,Deal - Title,Deal - Value,Deal - Currency,Deal - Stage,Deal - Status\n1,A,5,EUR,Proposal,won\n2,B,5,EUR,Proposal,lost\n3,C,5,EUR,Proposal,open\n";
    let (deals, _, _) = read(text, &options());
    let outcomes: Vec<Outcome> = deals.iter().map(|deal| deal.outcome).collect();
    assert_eq!(outcomes, [Outcome::Won, Outcome::Lost, Outcome::Open]);
}
