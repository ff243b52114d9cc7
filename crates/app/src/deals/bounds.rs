//! What a source may send at most.

use throughline_domain::deal::Deal;

use crate::AppError;

/// Bounds on what a source may send.
pub(crate) fn check(deal: &Deal) -> Result<(), AppError> {
    let short = |field: &str, text: &str, most: usize| {
        if text.trim().is_empty() {
            return Err(AppError::invalid(field, "must not be blank"));
        }
        if text.chars().count() > most {
            return Err(AppError::invalid(field, format!("is longer than {most} characters")));
        }
        match text.chars().find(|c| c.is_control()) {
            Some(_) => Err(AppError::invalid(field, "contains a control character")),
            None => Ok(()),
        }
    };
    short("source", &deal.key.source, 40)?;
    if !deal.key.source.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_')
    {
        return Err(AppError::invalid("source", "is written in lower-case letters, digits, - and _"));
    }
    short("external_id", &deal.key.external_id, 200)?;
    short("name", &deal.name, 500)?;
    short("account", &deal.account, 500)?;
    if deal.extra.len() > 300 {
        return Err(AppError::invalid("extra", "holds more than 300 fields"));
    }
    if deal.probability.is_some_and(|percent| percent > 100) {
        return Err(AppError::invalid("probability", "is from 0 to 100"));
    }
    if deal.discount_percent.is_some_and(|percent| percent > 100) {
        return Err(AppError::invalid("discount_percent", "is from 0 to 100"));
    }
    Ok(())
}
