//! A change made: the bytes it concerns are found and written, the outcome is read and compared.

use super::{
    Body, Change, Data, Document, Entry, Node, NotChanged, Turn, Value, Way,
    chunk::{begins_its_line, column, dash, lead, line_end},
    list,
    print::{behind, dashed, inline, pair},
};

pub(super) fn apply(source: &str, change: &Change) -> Result<String, NotChanged> {
    if let Change::Items { list, items, after } = change {
        return list::hold(source, list, items, after);
    }
    // Whole lines are taken and put: the last one ends like the others.
    let whole = if source.ends_with('\n') { source.to_owned() } else { format!("{source}\n") };
    let document = Document::read(&whole)?;
    let way = match change {
        Change::Set { way, .. } | Change::Remove { way } => way,
        Change::Insert { list, .. } | Change::Swap { list, .. } | Change::Items { list, .. } => list,
    };
    if let Change::Remove { way } = change
        && document.get(way).is_none()
    {
        return Ok(source.to_owned());
    }
    let wanted = Data::from(&document.root).changed(change);
    let wanted = wanted.ok_or_else(|| NotChanged::NotThere(way.clone()))?;
    let by_hand = || NotChanged::OnlyByHand(way.clone());
    let written = Writer { source: &whole, document: &document }.write(change).ok_or_else(by_hand)?;
    match Document::read(&written) {
        Ok(read) if Data::from(&read.root).means(&wanted) => Ok(written),
        _ => Err(by_hand()),
    }
}

struct Writer<'d> {
    source: &'d str,
    document: &'d Document<'d>,
}

impl Writer<'_> {
    fn write(&self, change: &Change) -> Option<String> {
        match change {
            Change::Set { way, value, after } => self.set(way, value, after),
            Change::Remove { way } => self.remove(way),
            Change::Insert { list, at, value } => self.insert(list, *at, value),
            Change::Swap { list, first } => self.swap(list, *first),
            Change::Items { .. } => None,
        }
    }

    /// The text with some bytes in the place of others.
    fn with(&self, from: usize, to: usize, put: &str) -> Option<String> {
        Some(format!("{}{put}{}", self.source.get(..from)?, self.source.get(to..)?))
    }

    fn set(&self, way: &Way, value: &Value, after: &[String]) -> Option<String> {
        let (outer, last) = way.split()?;
        let group = self.document.get(&outer)?;
        match (&group.body, last) {
            (Body::Map { flow, entries }, Turn::Key(key)) => {
                match entries.iter().find(|entry| entry.key == *key) {
                    Some(entry) => self.replace(entry, value, *flow || self.in_flow(&outer)),
                    None => self.add(group, key, value, after, &outer),
                }
            }
            (Body::List { flow, items }, Turn::Nth(index)) => {
                let item = items.get(*index)?;
                if *flow || self.in_flow(&outer) {
                    return self.with(item.from, item.to, &inline(value));
                }
                let dash = dash(self.source, item.from)?;
                let written = dashed(value, column(self.source, dash));
                match value {
                    Value::Text(_) => self.put(dash, item.to, &written),
                    _ => self.with(dash, item.to, &written),
                }
            }
            _ => None,
        }
    }

    /// Whether a part stands between brackets, where everything stays on its line.
    fn in_flow(&self, way: &Way) -> bool {
        (0..=way.0.len()).any(|length| {
            let node = self.document.get(&Way(way.0[..length].to_vec()));
            node.is_some_and(|node| {
                matches!(node.body, Body::Map { flow: true, .. } | Body::List { flow: true, .. })
            })
        })
    }

    fn replace(&self, entry: &Entry, value: &Value, flow: bool) -> Option<String> {
        let key_column = column(self.source, entry.from);
        let written =
            if flow { inline(value) } else { behind(value, key_column, key_column + entry.key.len() + 2) };
        let old = &entry.value;
        let begins_below = self.source.get(entry.colon..old.from)?.contains('\n');
        if written.starts_with('\n') || begins_below {
            // From or to lines of their own: what stands behind the colon stays, such as a comment.
            let behind_colon = self.source.get(entry.colon..)?;
            let line = behind_colon.split('\n').next().unwrap_or_default();
            let comment = if begins_below { line.trim_end() } else { "" };
            let put = match (written.strip_prefix('\n'), comment.is_empty()) {
                (Some(_), _) => format!("{comment}{written}"),
                (None, true) => format!(" {written}"),
                (None, false) => format!(" {written} {}", comment.trim_start()),
            };
            return self.with(entry.colon, old.to, &put);
        }
        let put = if old.from == entry.colon { format!(" {written}") } else { written };
        self.put(old.from, old.to, &put)
    }

    /// Puts a text of one line or several. What stands behind the old one on its line, such as a comment, goes behind
    /// the first of several: below it would be part of the text.
    fn put(&self, from: usize, to: usize, written: &str) -> Option<String> {
        let Some((first, below)) = written.split_once('\n') else { return self.with(from, to, written) };
        let rest = self.source.get(to..)?.split('\n').next()?;
        let behind = rest.trim();
        let first = if behind.is_empty() { first.to_owned() } else { format!("{first} {behind}") };
        self.with(from, to + rest.len(), &format!("{first}\n{below}"))
    }

    /// Adds a key to a group.
    fn add(&self, group: &Node, key: &str, value: &Value, after: &[String], way: &Way) -> Option<String> {
        let Body::Map { flow, entries } = &group.body else { return None };
        let place = entries.iter().rposition(|entry| after.contains(&entry.key));
        if *flow || self.in_flow(way) {
            let written = format!("{key}: {}", inline(value));
            return match place.or(entries.len().checked_sub(1)).and_then(|place| entries.get(place)) {
                Some(before) => {
                    let end = before.value.to;
                    self.with(end, end, &format!(", {written}"))
                }
                None => self.with(group.from, group.to, &format!("{{ {written} }}")),
            };
        }
        let indent = column(self.source, entries.first()?.from);
        let before = entries.get(place.unwrap_or(entries.len() - 1))?;
        let end = line_end(self.source, before.value.to.max(before.colon));
        let written = pair(&(key.to_owned(), value.clone()), indent);
        self.with(end, end, &format!("{}{written}\n", " ".repeat(indent)))
    }

    fn remove(&self, way: &Way) -> Option<String> {
        let (outer, last) = way.split()?;
        let parent = self.document.get(&outer)?;
        match (&parent.body, last) {
            (Body::Map { flow, entries }, Turn::Key(key)) => {
                let index = entries.iter().position(|entry| entry.key == *key)?;
                let entry = entries.get(index)?;
                if *flow || self.in_flow(&outer) {
                    let spans: Vec<(usize, usize)> =
                        entries.iter().map(|entry| (entry.from, entry.value.to)).collect();
                    return self.out_of_row(&spans, index);
                }
                let end = line_end(self.source, entry.value.to.max(entry.colon));
                if begins_its_line(self.source, entry.from) {
                    return self.with(lead(self.source, entry.from), end, "");
                }
                // Behind a dash: the next key takes its place.
                let next = entries.get(index + 1)?;
                self.with(entry.from, next.from, "")
            }
            (Body::List { flow, items }, Turn::Nth(index)) => {
                let item = items.get(*index)?;
                if *flow || self.in_flow(&outer) {
                    let spans: Vec<(usize, usize)> = items.iter().map(|item| (item.from, item.to)).collect();
                    return self.out_of_row(&spans, *index);
                }
                let (from, to) = self.lines_of(item)?;
                if items.len() > 1 {
                    return self.with(from, to, "");
                }
                // The last one: what is left is an empty list behind its key.
                let (group, key) = outer.split()?;
                let Turn::Key(key) = key else { return None };
                let Body::Map { entries, .. } = &self.document.get(&group)?.body else { return None };
                let colon = entries.iter().find(|entry| entry.key == *key)?.colon;
                let between = self.source.get(colon..from)?;
                Some(format!("{} []{between}{}", self.source.get(..colon)?, self.source.get(to..)?))
            }
            _ => None,
        }
    }

    /// Takes one out of `a, b, c`, with the comma it needs no more.
    fn out_of_row(&self, spans: &[(usize, usize)], index: usize) -> Option<String> {
        let (from, to) = *spans.get(index)?;
        if let Some((next, _)) = spans.get(index + 1) {
            return self.with(from, *next, "");
        }
        match index.checked_sub(1).and_then(|before| spans.get(before)) {
            Some((_, before)) => self.with(*before, to, ""),
            None => self.with(from, to, ""),
        }
    }

    /// The lines of a list's item, its comments included.
    fn lines_of(&self, item: &Node) -> Option<(usize, usize)> {
        let dash = dash(self.source, item.from)?;
        if !begins_its_line(self.source, dash) {
            return None;
        }
        Some((lead(self.source, dash), line_end(self.source, item.to)))
    }

    fn insert(&self, list: &Way, at: usize, value: &Value) -> Option<String> {
        let node = self.document.get(list)?;
        let Body::List { flow, items } = &node.body else { return None };
        if items.is_empty() {
            // Behind its key, in the way the value asks for.
            let block = matches!(value, Value::Map(_)) && !self.in_flow(&list.split()?.0);
            let held = if block { Value::List(vec![value.clone()]) } else { Value::Row(vec![value.clone()]) };
            return self.set(list, &held, &[]);
        }
        if *flow || self.in_flow(list) {
            let written = inline(value);
            return match items.get(at) {
                Some(next) => self.with(next.from, next.from, &format!("{written}, ")),
                None => {
                    let end = items.last()?.to;
                    self.with(end, end, &format!(", {written}"))
                }
            };
        }
        let first = dash(self.source, items.first()?.from)?;
        let indent = column(self.source, first);
        let written = format!("{}{}\n", " ".repeat(indent), dashed(value, indent));
        let place = match items.get(at) {
            Some(next) => self.lines_of(next)?.0,
            None => self.lines_of(items.last()?)?.1,
        };
        self.with(place, place, &written)
    }

    fn swap(&self, list: &Way, first: usize) -> Option<String> {
        let node = self.document.get(list)?;
        let Body::List { flow, items } = &node.body else { return None };
        let (one, other) = (items.get(first)?, items.get(first + 1)?);
        let ((from, to), (next, end)) = if *flow || self.in_flow(list) {
            ((one.from, one.to), (other.from, other.to))
        } else {
            (self.lines_of(one)?, self.lines_of(other)?)
        };
        let part = |from, to| self.source.get(from..to);
        Some(format!(
            "{}{}{}{}{}",
            part(0, from)?,
            part(next, end)?,
            part(to, next)?,
            part(from, to)?,
            self.source.get(end..)?
        ))
    }
}
