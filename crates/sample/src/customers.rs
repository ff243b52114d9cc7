//! The customers: what their AEs know of them. All of it is made up.

use crate::brief::{Brief, Contact, Promised};

/// A logistics company whose dispatchers plan by spreadsheet. Three answers are still missing.
pub const HALDEN: Brief = Brief {
    triggers: &["broken_process", "revenue_goal"],
    criteria: &[
        (
            "Our dispatchers plan a day in an hour, not in half a shift.",
            "Planning time per depot and day, from their own time sheets",
        ),
        (
            "No more empty return trips nobody noticed.",
            "Share of empty kilometres, monthly, from the fleet report",
        ),
    ],
    use_case: "Day planning for the two northern depots, then the rest.",
    timeline: "Before the Christmas peak we want both depots on it. Nobody signed that date, but they say it in every call.",
    people: &[
        Contact {
            name: "Ingrid Solberg",
            title: "Head of Dispatch",
            parts: &["champion"],
            influence: "high",
            stance: "enthusiastic",
            goals: "Wants to show that dispatch can run without heroes",
            said: "I have been drawing these plans by hand for nine years.",
        },
        Contact {
            name: "Anders Ruud",
            title: "CFO",
            parts: &["economic_buyer"],
            influence: "high",
            stance: "neutral",
            goals: "Fewer empty kilometres in the quarterly report",
            said: "Show me one depot, then we talk about all of them.",
        },
        Contact {
            name: "Pål Eide",
            title: "Depot lead, Trondheim",
            parts: &["skeptic"],
            influence: "medium",
            stance: "doubtful",
            goals: "Does not want to type everything twice",
            said: "We tried a tool in 2019. It lasted six weeks.",
        },
    ],
    promises: &[Promised {
        what: "Import of the current route plans is part of the onboarding",
        kind: "implementation",
        strength: "promised",
        in_contract: true,
        standard: true,
        due_in: Some(21),
    }],
    integrations: &[("Fleet telematics", "Vehicle positions every five minutes")],
    data: &[("Route plans of the last season", "Spreadsheets of both depots", "XLSX, one file a week")],
    ..Brief::BLANK
};

/// A clinic group; half of the record is there.
pub const BRIGHTWATER: Brief = Brief {
    triggers: &["compliance"],
    criteria: &[(
        "Every shift change is documented before the audit in spring.",
        "Share of documented shift changes, by clinic",
    )],
    use_case: "Shift handover in the three surgical wards.",
    people: &[Contact {
        name: "Niamh Doyle",
        title: "Director of Nursing",
        parts: &["champion", "executive_sponsor"],
        influence: "high",
        stance: "for",
        goals: "A calm audit",
        said: "If it needs a training day, it will not happen.",
    }],
    ..Brief::BLANK
};

/// An energy company; everything is known and the CSM is asked.
pub const KESTREL: Brief = Brief {
    triggers: &["leadership_change", "hiring_plan"],
    criteria: &[(
        "A new technician is out alone after three weeks.",
        "Days until the first solo job, from HR",
    )],
    use_case: "Job guides for meter technicians.",
    timeline: "The spring class starts in March; they expect it to learn with us.",
    people: &[
        Contact {
            name: "Rafael Ortega",
            title: "VP Field Operations",
            parts: &["champion", "economic_buyer"],
            influence: "high",
            stance: "enthusiastic",
            goals: "Wants his new regions on one way of working",
            said: "I bought this so that I can stop being the help desk.",
        },
        Contact {
            name: "Hanne Vos",
            title: "COO",
            parts: &["executive_sponsor"],
            influence: "high",
            stance: "for",
            goals: "Fewer accidents in the first year on the job",
            said: "Safety is the only number I look at weekly.",
        },
    ],
    none: &["skeptics", "promises", "data_moves"],
    risks: &[("The works council has not seen it yet", "change_management", "Rafael Ortega")],
    integrations: &[("HR system", "New hires with their start dates")],
    ..Brief::BLANK
};

/// A food maker; the record was sent back for its timeline.
pub const NORDHAVN: Brief = Brief {
    triggers: &["budget_window"],
    criteria: &[(
        "We see a broken cold chain while we can still do something.",
        "Spoiled pallets per month, from quality control",
    )],
    use_case: "Alerts for the two freezer warehouses.",
    timeline: "Soon.",
    people: &[
        Contact {
            name: "Freja Holm",
            title: "Quality Manager",
            parts: &["champion"],
            influence: "medium",
            stance: "for",
            goals: "Nights without phone calls",
            said: "I want to know at two degrees, not at eight.",
        },
        Contact {
            name: "Mads Kjær",
            title: "Managing Director",
            parts: &["economic_buyer", "executive_sponsor"],
            influence: "high",
            stance: "neutral",
            goals: "Spend the budget on something that lasts",
            said: "It has to be in this year's books.",
        },
    ],
    none: &["skeptics", "promises", "data_moves", "risks"],
    integrations: &[("Sensor gateway", "Temperatures every minute")],
    ..Brief::BLANK
};

/// A maker of rail parts; accepted, and the customer has not met the CSM yet.
pub const OSTRAVA: Brief = Brief {
    triggers: &["revenue_goal"],
    criteria: &[(
        "Spare parts leave the house the day they are ordered.",
        "Orders shipped the same day, weekly",
    )],
    use_case: "Picking lists for the spare parts hall.",
    timeline: "First hall within six weeks of signing, they said, twice.",
    people: &[
        Contact {
            name: "Tereza Dvořáková",
            title: "Head of Logistics",
            parts: &["champion"],
            influence: "medium",
            stance: "enthusiastic",
            goals: "A hall that runs without overtime",
            said: "Give me Saturdays back.",
        },
        Contact {
            name: "Karel Beneš",
            title: "CEO",
            parts: &["economic_buyer", "executive_sponsor"],
            influence: "high",
            stance: "for",
            goals: "Two new rail customers this year",
            said: "If parts are late, we lose the frame contract.",
        },
    ],
    promises: &[Promised {
        what: "A connector to their warehouse scanners by the end of the quarter",
        kind: "integration",
        strength: "promised",
        in_contract: true,
        standard: false,
        due_in: Some(40),
    }],
    none: &["skeptics", "data_moves"],
    risks: &[("The scanners' maker answers slowly", "technical", "Tereza Dvořáková")],
    integrations: &[("Warehouse scanners", "Picks, as they happen")],
    ..Brief::BLANK
};

/// An insurer; owned, the plan is open, the kickoff is booked.
pub const PELLWORTH: Brief = Brief {
    triggers: &["renewal_elsewhere"],
    criteria: &[(
        "An adjuster files from the scene, not from home at night.",
        "Reports filed within two hours of the visit",
    )],
    use_case: "Field reports for storm damage.",
    timeline: "Before the autumn storms; that is what the board was told.",
    people: &[
        Contact {
            name: "Yusuf Demir",
            title: "Head of Claims",
            parts: &["champion"],
            influence: "high",
            stance: "for",
            goals: "A claims team that stays",
            said: "My best people leave because of the paperwork.",
        },
        Contact {
            name: "Clara Whitmore",
            title: "COO",
            parts: &["economic_buyer", "executive_sponsor"],
            influence: "high",
            stance: "for",
            goals: "Days to payout under ten",
            said: "Customers forgive a storm. They do not forgive a month.",
        },
        Contact {
            name: "Derek Lyle",
            title: "Lead Adjuster",
            parts: &["skeptic", "operator"],
            influence: "medium",
            stance: "doubtful",
            goals: "No second phone",
            said: "I will use it when it works without a signal.",
        },
    ],
    promises: &[Promised {
        what: "It works offline on the adjusters' phones",
        kind: "other",
        strength: "promised",
        in_contract: true,
        standard: true,
        due_in: Some(30),
    }],
    none: &["data_moves"],
    risks: &[("Adjusters are freelancers and cannot be told to use it", "change_management", "Yusuf Demir")],
    integrations: &[("Claims system", "Claim numbers and addresses")],
    texts: &[("why_us", "The other tool needs a connection; their adjusters often have none.")],
    ..Brief::BLANK
};

/// A retailer; the handoff is done.
pub const QUILLON: Brief = Brief {
    triggers: &["revenue_goal", "board_pressure"],
    criteria: &[
        (
            "A promotion is on all shelves on its first morning.",
            "Shelves right at opening, from the store checks",
        ),
        ("Store managers stop calling head office.", "Calls to the store line per week"),
    ],
    use_case: "Promotion changes in the forty city stores.",
    timeline: "The summer promotion is the first one that counts.",
    people: &[
        Contact {
            name: "Beatriz Lemos",
            title: "Director of Store Operations",
            parts: &["champion"],
            influence: "high",
            stance: "enthusiastic",
            goals: "One promotion without a night shift",
            said: "I can tell you by ten o'clock which stores got it wrong.",
        },
        Contact {
            name: "Oliver Trent",
            title: "CFO",
            parts: &["economic_buyer", "executive_sponsor"],
            influence: "high",
            stance: "for",
            goals: "Promotions that pay",
            said: "A promotion nobody sees is a discount for nobody.",
        },
    ],
    promises: &[Promised {
        what: "Store photos can be compared with the plan by early summer",
        kind: "feature_date",
        strength: "implied",
        in_contract: false,
        standard: false,
        due_in: Some(90),
    }],
    none: &["skeptics", "data_moves"],
    risks: &[("Store managers change often", "resourcing", "Beatriz Lemos")],
    integrations: &[("Planning tool of the buyers", "Promotions with their dates and stores")],
    ..Brief::BLANK
};

/// A chemicals company; signed in a hurry with half a record, and with a promise product never heard of.
pub const SOLVANE: Brief = Brief {
    triggers: &["budget_window"],
    criteria: &[(
        "Permits are signed before the crew stands at the gate.",
        "Waiting time at the gate, per crew",
    )],
    use_case: "Work permits for the maintenance shutdown.",
    people: &[Contact {
        name: "Marta Kowalczyk",
        title: "Site Manager",
        parts: &["champion"],
        influence: "medium",
        stance: "for",
        goals: "A shutdown that ends on its day",
        said: "Every hour at the gate is a crew I pay for nothing.",
    }],
    promises: &[Promised {
        what: "A permit can be signed on a phone without a signal, before the shutdown",
        kind: "feature_date",
        strength: "promised",
        in_contract: false,
        standard: false,
        due_in: Some(25),
    }],
    ..Brief::BLANK
};

/// A textile company; promises wait for the deal desk and for product.
pub const UMBER: Brief = Brief {
    triggers: &["leadership_change"],
    criteria: &[(
        "Samples are approved in days, not in courier runs.",
        "Days from sample to approval, by season",
    )],
    use_case: "Sample approval for the spring collection.",
    timeline: "The collection closes in eight weeks.",
    people: &[Contact {
        name: "Giulia Ferri",
        title: "Head of Product Development",
        parts: &["champion", "economic_buyer"],
        influence: "high",
        stance: "enthusiastic",
        goals: "One collection without a courier bill",
        said: "I have three couriers a day between here and the mill.",
    }],
    promises: &[
        Promised {
            what: "Support answers within one hour, also on Saturdays",
            kind: "sla",
            strength: "promised",
            in_contract: false,
            standard: false,
            due_in: Some(14),
        },
        Promised {
            what: "The price stays as it is for the second season",
            kind: "price",
            strength: "promised",
            in_contract: false,
            standard: false,
            due_in: Some(30),
        },
        Promised {
            what: "A trainer is at the mill for a week, at no charge",
            kind: "named_resource",
            strength: "implied",
            in_contract: false,
            standard: false,
            due_in: Some(45),
        },
        Promised {
            what: "Colour cards can be scanned with the phone by spring",
            kind: "feature_date",
            strength: "soft",
            in_contract: false,
            standard: false,
            due_in: Some(75),
        },
        Promised {
            what: "An approval appears in the mill's order system by itself",
            kind: "integration",
            strength: "implied",
            in_contract: false,
            standard: false,
            due_in: Some(60),
        },
    ],
    ..Brief::BLANK
};

/// A hotel group; the CSM asks something, and a waiver waits for its answer.
pub const VERANO: Brief = Brief {
    triggers: &["hiring_plan"],
    criteria: &[("A seasonal hire knows the house after two days.", "Days until the first own shift")],
    use_case: "Task lists for housekeeping in the two beach houses.",
    timeline: "The season opens in ten weeks.",
    people: &[Contact {
        name: "Lucía Navarro",
        title: "Operations Manager",
        parts: &["champion", "economic_buyer"],
        influence: "high",
        stance: "for",
        goals: "A season without temp agencies",
        said: "They come on Monday and guests come on Wednesday.",
    }],
    none: &["skeptics", "promises", "data_moves", "risks"],
    integrations: &[("Property management", "Arrivals and departures")],
    ..Brief::BLANK
};

/// A small dental practice on the short way.
pub const WEXFORD: Brief = Brief {
    triggers: &["broken_process"],
    criteria: &[("Nobody forgets a recall any more.", "Recalls booked per month")],
    use_case: "Recall lists for the front desk.",
    timeline: "Next month would be nice.",
    people: &[Contact {
        name: "Dr Aoife Byrne",
        title: "Owner",
        parts: &["champion", "economic_buyer"],
        influence: "high",
        stance: "for",
        goals: "Leave at six",
        said: "My receptionist is the system.",
    }],
    none: &["promises", "risks"],
    ..Brief::BLANK
};
