//! What Salesforce calls things: the API (Data Loader, command line tools), the columns of reports in English,
//! German and French, and the snake-case columns of sync tools.

mod ids;
mod spellings;

use self::{
    ids::{full_id, object_of_id, object_of_kind},
    spellings::spellings,
};
use super::{Object, Vocabulary};
use crate::field::Field;

pub(super) static VOCABULARY: Vocabulary = Vocabulary {
    columns: &[
        (
            Field::ExternalId,
            &[
                "opportunityid18",
                "opportunityid18digit",
                "opportunity18digitid",
                "18digitopportunityid",
                "casesafeopportunityid",
                "opportunitycasesafeid",
                "opportunityid",
                "iddelopportunite",
                "identifiantdelopportunite",
                "id",
                "casesafeid",
                "attributesreferenceid",
            ],
        ),
        (
            Field::Name,
            &[
                "opportunityname",
                "namederopportunity",
                "nomdelopportunite",
                "opportunite",
                "opportunity",
                "name",
            ],
        ),
        (
            Field::AccountName,
            &["accountname", "accountaccountname", "nomducompte", "account", "companyaccount", "compte"],
        ),
        (Field::AccountId, &["accountid18", "accountid", "idducompte"]),
        (Field::Stage, &["stagename", "stage", "opportunitystage", "phase", "verkaufsphase", "etape"]),
        (Field::Won, &["iswon", "won", "gewonnen", "gagne", "gagnee", "remporte", "remportee", "conclue"]),
        (
            Field::Closed,
            &["isclosed", "closed", "geschlossen", "abgeschlossen", "ferme", "fermee", "cloture", "cloturee"],
        ),
        (Field::Deleted, &["isdeleted", "deleted", "geloscht", "fivetrandeleted"]),
        (
            Field::Amount,
            &["amount", "opportunityamount", "betrag", "montant", "amountconverted", "betragkonvertiert"],
        ),
        (
            Field::Currency,
            &[
                "currencyisocode",
                "amountcurrency",
                "opportunitycurrency",
                "opportunitycurrencyisocode",
                "currency",
                "betragwahrung",
                "wahrung",
                "devisemontant",
                "montantdevise",
                "devise",
            ],
        ),
        (Field::Probability, &["probability", "wahrscheinlichkeit", "probabilite"]),
        (
            Field::ExpectedClose,
            &[
                "closedate",
                "schlusstermin",
                "abschlusstermin",
                "abschlussdatum",
                "datedecloture",
                "datedefermeture",
            ],
        ),
        (
            Field::CreatedAt,
            &[
                "createddate",
                "createddatetime",
                "erstelldatum",
                "erstelltam",
                "datedecreation",
                "datecreation",
            ],
        ),
        (
            Field::ModifiedAt,
            &[
                "lastmodifieddate",
                "lastmodifieddatetime",
                "lastmodified",
                "systemmodstamp",
                "datumderletztenanderung",
                "letztesanderungsdatum",
                "letzteanderungam",
                "zuletztgeandertam",
                "zuletztgeandert",
                "datededernieremodification",
                "dernieremodification",
            ],
        ),
        (Field::DealType, &["type", "opportunitytype", "typ", "typederopportunity", "typedopportunite"]),
        (Field::LeadSource, &["leadsource", "leadquelle", "originedelapiste", "sourcedelapiste"]),
        (Field::OwnerId, &["ownerid", "opportunityownerid", "opportunityowneruserid"]),
        (
            Field::OwnerName,
            &[
                "ownername",
                "opportunityowner",
                "opportunityownername",
                "opportunityownerfullname",
                "opportunityinhaber",
                "inhaberderopportunity",
                "proprietairedelopportunite",
                "owner",
                "opportunityowneralias",
                "owneralias",
            ],
        ),
        (
            Field::OwnerEmail,
            &[
                "owneremail",
                "opportunityowneremail",
                "opportunityowneremailaddress",
                "opportunityinhaberemail",
            ],
        ),
        (Field::Current, &["fivetranactive"]),
    ],
    signs: &[
        (
            Object::Deal,
            &[
                (10, &["opportunityname", "namederopportunity", "nomdelopportunite", "opportunityinhaber"]),
                (8, &["opportunityowner", "proprietairedelopportunite"]),
                (6, &["stagename"]),
                (
                    3,
                    &[
                        "forecastcategory",
                        "forecastcategoryname",
                        "expectedrevenue",
                        "iswon",
                        "hasopportunitylineitem",
                    ],
                ),
                (
                    1,
                    &[
                        "opportunityid",
                        "stage",
                        "closedate",
                        "amount",
                        "probability",
                        "nextstep",
                        "isclosed",
                        "fiscalperiod",
                        "fiscalquarter",
                        "campaignid",
                        "pricebook2id",
                        "syncedquoteid",
                        "won",
                        "schlusstermin",
                        "betrag",
                        "phase",
                        "etape",
                        "montant",
                        "datedecloture",
                    ],
                ),
            ],
        ),
        (
            Object::Account,
            &[
                (
                    3,
                    &["sicdesc", "tickersymbol", "dunsnumber", "accountsource", "accountnumber", "ownership"],
                ),
                (
                    2,
                    &[
                        "annualrevenue",
                        "numberofemployees",
                        "billingstreet",
                        "billingcity",
                        "billingstate",
                        "billingstateprovince",
                        "shippingstreet",
                        "shippingcity",
                        "parentid",
                        "accountowner",
                    ],
                ),
                (1, &["industry", "website", "phone", "fax", "rating", "billingcountry", "parentaccount"]),
            ],
        ),
        (
            Object::Contact,
            &[
                (6, &["mailingstreet", "mailingcity", "mailingstateprovince", "reportstoid", "contactid"]),
                (4, &["contactowner", "contactname", "contactfullname"]),
                (2, &["firstname", "lastname", "salutation", "birthdate"]),
                (1, &["email", "phone", "mobilephone", "mobile", "department", "title"]),
            ],
        ),
        (
            Object::Lead,
            &[
                (8, &["leadid", "leadowner", "leadstatus"]),
                (
                    4,
                    &[
                        "isconverted",
                        "converteddate",
                        "convertedaccountid",
                        "convertedopportunityid",
                        "converted",
                    ],
                ),
                (1, &["firstname", "lastname", "company", "companyaccount", "email"]),
            ],
        ),
        (
            Object::Activity,
            &[
                (8, &["whoid", "whatid", "activityid"]),
                (4, &["activitydate", "tasksubtype", "activitydatetime", "callduration", "startdatetime"]),
                (2, &["subject", "assigned", "duedate"]),
                (1, &["priority", "status"]),
            ],
        ),
        (
            Object::Ticket,
            &[(8, &["casenumber", "caseid", "caseowner"]), (2, &["caseorigin", "suppliedemail"])],
        ),
        (
            Object::LineItem,
            &[
                (12, &["pricebookentryid", "opportunityproductid"]),
                (4, &["unitprice", "product2id", "listprice"]),
                (2, &["quantity", "totalprice", "servicedate"]),
            ],
        ),
        (Object::Link, &[(8, &["isprimary"]), (6, &["role", "opportunitycontactroleid"])]),
        (Object::History, &[(20, &["fromstage", "tostage"]), (12, &["oldvalue", "newvalue"])]),
        (Object::User, &[(8, &["profileid", "userroleid", "username", "federationidentifier"])]),
    ],
    marks: &[
        (
            3,
            &[
                "systemmodstamp",
                "attributestype",
                "attributesreferenceid",
                "whoid",
                "whatid",
                "masterrecordid",
            ],
        ),
        (
            2,
            &[
                "stagename",
                "opportunityname",
                "opportunityowner",
                "reportstoid",
                "forecastcategory",
                "tasksubtype",
                "opportunityinhaber",
                "proprietairedelopportunite",
                "nomdelopportunite",
                "currencyisocode",
                "annualrevenue",
                "pricebookentryid",
                "owneralias",
                "schlusstermin",
                "mailingstreet",
            ],
        ),
        (
            1,
            &[
                "opportunityid",
                "isdeleted",
                "ownerid",
                "accountid",
                "accountname",
                "fiscalperiod",
                "iswon",
                "isclosed",
                "leadsource",
                "lastmodifieddate",
                "createddate",
                "leadstatus",
                "leadowner",
                "billingstreet",
                "billingcity",
                "nextstep",
                "campaignid",
                "isprimary",
            ],
        ),
    ],
    strangers: &["recordid", "closingdate", "dealname", "dealstage"],
    converted: &["amountconverted", "betragkonvertiert"],
    footers: &[
        "confidentialinformation",
        "vertraulicheinformationen",
        "informationsconfidentielles",
        "copyright",
        "generatedby",
        "generiertvon",
        "genererpar",
        "generepar",
        "allrightsreserved",
        "asof",
    ],
    spellings,
    speaks: |written| {
        let lower = written.trim().to_ascii_lowercase();
        if lower.ends_with("__c") || lower.contains("__r.") { 2 } else { 0 }
    },
    pattern: |_| None,
    object_of_id,
    kinds: Some(("attributestype", object_of_kind)),
    full_id,
    plural: &[],
    whole_percents: true,
    how_to_export: "In Salesforce, make a report of type Opportunities with the columns Opportunity ID, Opportunity \
                    Name, Account Name, Account ID, Stage, Won, Closed, Amount, Amount Currency, Probability, Close \
                    Date, Opportunity Owner and Last Modified Date; export it as Details Only, CSV, UTF-8. Or export \
                    the Opportunity object with Data Loader.",
};
