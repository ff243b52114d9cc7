//! A list brought to hold certain items by as few changes as it takes, so that what stays keeps its words and comments.

use super::{Change, Data, Document, NotChanged, Value, Way, change};

pub(super) fn hold(
    source: &str,
    list: &Way,
    items: &[Value],
    after: &[String],
) -> Result<String, NotChanged> {
    let document = Document::read(source)?;
    let Some(Data::List(held)) = document.get(list).map(Data::from) else {
        let value = Value::Row(items.to_vec());
        let value = if items.iter().any(is_group) { Value::List(items.to_vec()) } else { value };
        return change(source, &Change::Set { way: list.clone(), value, after: after.to_vec() });
    };
    let mut held = held;
    let mut text = source.to_owned();
    for (place, item) in items.iter().enumerate() {
        let wanted = item.data();
        let found = (place..held.len()).find(|index| same(&held[*index], &wanted));
        match found {
            Some(index) => {
                for first in (place..index).rev() {
                    text = change(&text, &Change::Swap { list: list.clone(), first })?;
                    held.swap(first, first + 1);
                }
                text = within(&text, &list.nth(place), &held[place], item)?;
                held[place] = wanted;
            }
            None => {
                let put = Change::Insert { list: list.clone(), at: place, value: item.clone() };
                text = change(&text, &put)?;
                held.insert(place, wanted);
            }
        }
    }
    for index in (items.len()..held.len()).rev() {
        text = change(&text, &Change::Remove { way: list.nth(index) })?;
    }
    Ok(text)
}

fn is_group(value: &Value) -> bool {
    matches!(value, Value::Map(_) | Value::Inline(_))
}

/// The keys a group in a list is known by.
const NAMES: [&str; 2] = ["id", "form"];

/// Whether two items are the same one, perhaps with other words.
fn same(held: &Data, wanted: &Data) -> bool {
    let named = NAMES.iter().find_map(|key| Some((held.get(key)?, wanted.get(key)?)));
    match named {
        Some((held, wanted)) => held == wanted,
        None => held.means(wanted),
    }
}

/// An item that stays, with what is new in it.
fn within(source: &str, way: &Way, held: &Data, item: &Value) -> Result<String, NotChanged> {
    let (Data::Map(old), Value::Map(new) | Value::Inline(new)) = (held, item) else {
        return Ok(source.to_owned());
    };
    let mut text = source.to_owned();
    for (key, value) in new {
        if held.get(key).is_none_or(|held| !held.means(&value.data())) {
            let set = Change::Set { way: way.key(key), value: value.clone(), after: Vec::new() };
            text = change(&text, &set)?;
        }
    }
    for (key, _) in old.iter().filter(|(key, _)| !new.iter().any(|(name, _)| name == key)) {
        text = change(&text, &Change::Remove { way: way.key(key) })?;
    }
    Ok(text)
}
