//! What HubSpot calls things: the columns of exports from its pages, in English, German and French, the internal
//! names its API uses, and the `property_` columns of sync tools.

use super::{Object, Vocabulary};
use crate::field::Field;

pub(super) static VOCABULARY: Vocabulary = Vocabulary {
    columns: &[
        (
            Field::ExternalId,
            &["recordid", "hsobjectid", "dealid", "datensatzid", "iddelenregistrement", "recordiddeal", "id"],
        ),
        (Field::Name, &["dealname", "nomdelatransaction", "namedesdeals"]),
        (
            Field::AccountName,
            &[
                "associatedcompanyprimary",
                "associatedcompany",
                "associatedcompanies",
                "primarycompany",
                "companyname",
                "primaryassociatedcompany",
                "zugeordnetesunternehmen",
                "zugehorigesunternehmen",
                "entrepriseassociee",
            ],
        ),
        (
            Field::AccountId,
            &[
                "associatedcompanyidsprimary",
                "associatedcompanyids",
                "associatedcompanyid",
                "hsprimaryassociatedcompany",
                "primarycompanyid",
                "companyid",
                "zugeordneteunternehmensids",
            ],
        ),
        (
            Field::Stage,
            &[
                "dealstage",
                "dealstagename",
                "dealstagelabel",
                "dealpipelinestagelabel",
                "pipelinestagelabel",
                "stagename",
                "dealpipelinestageid",
                "dealphase",
                "phasedelatransaction",
                "etapedelatransaction",
            ],
        ),
        (Field::Won, &["isclosedwon", "hsisclosedwon", "iswon", "istgewonnen"]),
        (Field::Lost, &["isclosedlost", "hsisclosedlost", "islost"]),
        (Field::Closed, &["isdealclosed", "hsisclosed", "isclosed"]),
        (Field::Deleted, &["isdeleted", "hsisdeleted", "archived", "fivetrandeleted"]),
        (
            Field::Amount,
            &[
                "amount",
                "dealamount",
                "betrag",
                "montant",
                "amountincompanycurrency",
                "hsamountinhomecurrency",
                "amountinhomecurrency",
            ],
        ),
        (
            Field::Currency,
            &["currency", "dealcurrencycode", "dealcurrency", "currencycode", "wahrung", "devise"],
        ),
        (Field::Arr, &["annualrecurringrevenue", "hsarr"]),
        (
            Field::Probability,
            &["dealprobability", "hsdealstageprobability", "dealstageprobability", "probability"],
        ),
        (
            Field::ExpectedClose,
            &["closedate", "abschlussdatum", "schlusstermin", "datedefermeture", "datedecloture"],
        ),
        (
            Field::CreatedAt,
            &[
                "createdate",
                "hscreatedate",
                "createdat",
                "createddate",
                "erstellungsdatum",
                "erstelldatum",
                "datedecreation",
            ],
        ),
        (
            Field::ModifiedAt,
            &[
                "lastmodifieddate",
                "hslastmodifieddate",
                "lastmodified",
                "updatedat",
                "datumderletztenanderung",
                "datededernieremodification",
            ],
        ),
        (Field::ClosedAt, &["hsclosedwondate", "closedwondate"]),
        (Field::DealType, &["dealtype", "dealtyp", "typedetransaction"]),
        (
            Field::LeadSource,
            &[
                "originaltrafficsource",
                "originalsource",
                "originalsourcetype",
                "hsanalyticssource",
                "dealsource",
                "leadsource",
            ],
        ),
        (Field::OwnerId, &["hubspotownerid", "dealownerid", "ownerid"]),
        (
            Field::OwnerName,
            &[
                "dealowner",
                "dealownername",
                "ownername",
                "zustandigermitarbeiterfurdeal",
                "dealinhaber",
                "proprietairedelatransaction",
            ],
        ),
        (Field::OwnerEmail, &["dealowneremail", "owneremail", "hubspotowneremail"]),
        (Field::Current, &["fivetranactive"]),
    ],
    signs: &[
        (
            Object::Deal,
            &[
                (10, &["dealname", "dealstage", "nomdelatransaction", "dealphase", "dealpipelinestageid"]),
                (
                    4,
                    &[
                        "dealowner",
                        "dealprobability",
                        "hsdealstageprobability",
                        "hsisclosedwon",
                        "isclosedwon",
                        "dealtype",
                    ],
                ),
                (1, &["dealid", "amount", "pipeline", "closedate", "dealpipelineid", "isdealclosed"]),
            ],
        ),
        (
            Object::Account,
            &[
                (8, &["companydomainname", "companyowner"]),
                (3, &["companyname", "numberofemployees", "annualrevenue", "industry", "domain"]),
                (
                    1,
                    &[
                        "address",
                        "city",
                        "state",
                        "country",
                        "stateregion",
                        "countryregion",
                        "website",
                        "websiteurl",
                    ],
                ),
            ],
        ),
        (
            Object::Contact,
            &[
                (8, &["lifecyclestage", "contactowner"]),
                (3, &["firstname", "lastname", "leadstatus", "jobtitle"]),
                (2, &["email", "firstconversiondate", "originalsource", "hslifecyclestage"]),
                (1, &["phone", "phonenumber", "company", "mobilephonenumber"]),
            ],
        ),
        (
            Object::Activity,
            &[
                (8, &["engagementid", "hsengagementsource", "activitytype", "hstasktype"]),
                (3, &["engagementtype", "meetingoutcome", "hstimestamp", "hsnotebody", "hsemailtext"]),
            ],
        ),
        (
            Object::Ticket,
            &[
                (8, &["ticketname", "ticketstatus", "ticketowner"]),
                (4, &["ticketid"]),
                (6, &["hsticketcategory", "hsticketpriority", "hspipelinestage"]),
                (3, &["firstagentreplydate"]),
            ],
        ),
        (
            Object::LineItem,
            &[(8, &["lineitemid", "hslineitemcurrencycode"]), (3, &["unitprice", "quantity", "hssku"])],
        ),
        (Object::History, &[(6, &["dateentered", "fivetranstart"]), (2, &["sourceid", "value"])]),
        (
            Object::Link,
            &[
                (6, &["typeid"]),
                (4, &["category", "associationtype"]),
                (3, &["dealid"]),
                (1, &["companyid", "contactid", "ticketid"]),
            ],
        ),
        (Object::User, &[(12, &["activeuserid"]), (2, &["portalid", "userid"])]),
        (
            Object::Definition,
            &[(12, &["displayorder", "hubspotobject", "fieldtype"]), (3, &["label", "groupname", "stageid"])],
        ),
    ],
    marks: &[
        (
            3,
            &[
                "portalid",
                "lifecyclestage",
                "companydomainname",
                "nomdelatransaction",
                "activeuserid",
                "hubspotobject",
            ],
        ),
        (
            2,
            &[
                "associatedcompany",
                "associatedcompanyids",
                "associatedcontact",
                "associatedcontactids",
                "isclosedwon",
                "dealpipelinestageid",
                "engagementid",
                "displayorder",
                "isdealclosed",
                "datensatzid",
            ],
        ),
        (
            1,
            &[
                "recordid",
                "dealname",
                "dealstage",
                "dealowner",
                "createdate",
                "pipeline",
                "dealprobability",
                "dealtype",
                "dealid",
                "typeid",
                "category",
                "originalsource",
                "dealphase",
            ],
        ),
    ],
    strangers: &["closingdate", "dealtitle", "dealorganization", "opportunityname", "opportunityid"],
    converted: &["amountincompanycurrency", "hsamountinhomecurrency", "amountinhomecurrency"],
    footers: &[],
    spellings,
    speaks: |written| {
        let lower = written.trim().to_ascii_lowercase();
        let own = ["property_", "hs_", "hubspot_", "properties.", "hs_v2_"];
        if own.iter().any(|prefix| lower.starts_with(prefix)) { 3 } else { 0 }
    },
    pattern,
    object_of_id: |_| None,
    kinds: None,
    full_id: |_| None,
    plural: &[
        "associatedcompany",
        "associatedcompanies",
        "associatedcompanyids",
        "associatedcompanyid",
        "zugeordnetesunternehmen",
        "zugehorigesunternehmen",
        "zugeordneteunternehmensids",
        "entrepriseassociee",
    ],
    whole_percents: false,
    how_to_export: "In HubSpot, open Deals, choose Export, file format CSV, and include all properties on records \
                    and associated companies, so that Record ID, Deal Name, Deal Stage, Amount, Currency, Close Date, \
                    Deal owner, Is Closed Won and Last Modified Date are in it.",
};

/// Sync tools write `property_` before a property's name, the API nests it under `properties`.
fn spellings(written: &str) -> Vec<String> {
    let lower = written.trim().to_ascii_lowercase();
    let bare = ["property_", "properties."].iter().find_map(|prefix| lower.strip_prefix(prefix));
    bare.map(str::to_owned).into_iter().collect()
}

/// Every pipeline has a date of its own for the stage that wins: `Date entered "Closed Won (Sales Pipeline)"`,
/// `hs_v2_date_entered_closedwon`.
fn pattern(key: &str) -> Option<Field> {
    let key = key.strip_prefix("property").unwrap_or(key);
    let key = key.strip_prefix("properties").unwrap_or(key);
    let key = key.strip_prefix("hsv2").or_else(|| key.strip_prefix("hs")).unwrap_or(key);
    let stage = key.strip_prefix("dateentered").or_else(|| key.strip_prefix("entered"))?;
    stage.starts_with("closedwon").then_some(Field::ClosedAt)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::header::key;

    #[test]
    fn the_date_of_winning_is_known_in_every_pipeline() {
        for name in [
            "Date entered \"Closed Won (Sales Pipeline)\"",
            "hs_v2_date_entered_closedwon",
            "hs_date_entered_closedwon",
            "property_hs_date_entered_closedwon",
        ] {
            assert_eq!(pattern(&key(name)), Some(Field::ClosedAt), "{name}");
        }
        assert_eq!(pattern(&key("Date entered \"Closed Lost (Sales Pipeline)\"")), None);
        assert_eq!(pattern(&key("Date exited \"Closed Won\"")), None);
    }
}
