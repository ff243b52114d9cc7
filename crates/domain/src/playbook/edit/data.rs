//! What a text says, without how it is written: by this a change is checked.

use super::{Body, Change, Node, Turn, Value, Way};

/// What a part of a text says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Data {
    /// A text, a number, true or false.
    Text(String),
    /// A list.
    List(Vec<Data>),
    /// Keys with values.
    Map(Vec<(String, Data)>),
}

impl Data {
    /// The text.
    pub fn text(&self) -> Option<&str> {
        match self {
            Data::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A key's value.
    pub fn get(&self, key: &str) -> Option<&Data> {
        match self {
            Data::Map(entries) => entries.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        }
    }

    fn at(&mut self, way: &Way) -> Option<&mut Data> {
        way.0.iter().try_fold(self, |here, turn| match (turn, here) {
            (Turn::Key(key), Data::Map(entries)) => {
                entries.iter_mut().find(|(name, _)| name == key).map(|(_, value)| value)
            }
            (Turn::Nth(index), Data::List(items)) => items.get_mut(*index),
            _ => None,
        })
    }

    /// The same with a change made; none where the change has no place in it.
    pub(super) fn changed(mut self, change: &Change) -> Option<Data> {
        match change {
            Change::Set { way, value, .. } => {
                let (outer, last) = way.split()?;
                match (self.at(&outer)?, last) {
                    (Data::Map(entries), Turn::Key(key)) => {
                        match entries.iter_mut().find(|(name, _)| name == key) {
                            Some((_, held)) => *held = value.data(),
                            None => entries.push((key.clone(), value.data())),
                        }
                    }
                    (Data::List(items), Turn::Nth(index)) => *items.get_mut(*index)? = value.data(),
                    _ => return None,
                }
            }
            Change::Remove { way } => {
                let (outer, last) = way.split()?;
                match (self.at(&outer)?, last) {
                    (Data::Map(entries), Turn::Key(key)) => entries.retain(|(name, _)| name != key),
                    (Data::List(items), Turn::Nth(index)) if *index < items.len() => {
                        items.remove(*index);
                    }
                    _ => return None,
                }
            }
            Change::Insert { list, at, value } => match self.at(list)? {
                Data::List(items) if *at <= items.len() => items.insert(*at, value.data()),
                _ => return None,
            },
            Change::Swap { list, first } => match self.at(list)? {
                Data::List(items) if first + 1 < items.len() => items.swap(*first, first + 1),
                _ => return None,
            },
            // Made of the others.
            Change::Items { .. } => return None,
        }
        Some(self)
    }

    /// Whether both say the same; keys stand in any order.
    pub(super) fn means(&self, other: &Data) -> bool {
        match (self, other) {
            (Data::Text(one), Data::Text(other)) => one == other,
            (Data::List(one), Data::List(other)) => {
                one.len() == other.len() && one.iter().zip(other).all(|(one, other)| one.means(other))
            }
            (Data::Map(one), Data::Map(held)) => {
                one.len() == held.len()
                    && one.iter().all(|(key, value)| other.get(key).is_some_and(|other| value.means(other)))
            }
            _ => false,
        }
    }
}

impl From<&Node> for Data {
    fn from(node: &Node) -> Self {
        match &node.body {
            Body::Scalar(text) => Data::Text(text.clone()),
            Body::List { items, .. } => Data::List(items.iter().map(Data::from).collect()),
            Body::Map { entries, .. } => {
                Data::Map(entries.iter().map(|entry| (entry.key.clone(), Data::from(&entry.value))).collect())
            }
        }
    }
}

impl Value {
    /// What it says.
    pub fn data(&self) -> Data {
        match self {
            Value::Word(text) | Value::Text(text) => Data::Text(text.clone()),
            Value::Row(items) | Value::List(items) => Data::List(items.iter().map(Value::data).collect()),
            Value::Inline(entries) | Value::Map(entries) => {
                Data::Map(entries.iter().map(|(key, value)| (key.clone(), value.data())).collect())
            }
        }
    }
}
