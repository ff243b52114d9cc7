//! What a file is, in the reader's words.

use throughline_app::importing::{Delimiter, Object, System};

use crate::{
    i18n::{Key, Text},
    key,
};

/// The system a file came from. What makers call their systems is the same in every language.
pub fn system(t: &Text, system: System) -> String {
    match system {
        System::Salesforce | System::HubSpot => system.title().to_owned(),
        System::Other => t.get(key!("import-system-other")).into_owned(),
    }
}

/// What its rows are.
pub fn object(object: Object) -> Key {
    match object {
        Object::Deal => key!("import-object-deal"),
        Object::Account => key!("import-object-account"),
        Object::Contact => key!("import-object-contact"),
        Object::Lead => key!("import-object-lead"),
        Object::Activity => key!("import-object-activity"),
        Object::Ticket => key!("import-object-ticket"),
        Object::LineItem => key!("import-object-line-item"),
        Object::History => key!("import-object-history"),
        Object::Link => key!("import-object-link"),
        Object::User => key!("import-object-user"),
        Object::Definition => key!("import-object-definition"),
        Object::Unknown => key!("import-object-unknown"),
    }
}

/// The sign between its cells.
pub fn delimiter(delimiter: Delimiter) -> Key {
    match delimiter {
        Delimiter::Comma => key!("import-delimiter-comma"),
        Delimiter::Semicolon => key!("import-delimiter-semicolon"),
        Delimiter::Tab => key!("import-delimiter-tab"),
        Delimiter::Pipe => key!("import-delimiter-pipe"),
    }
}
