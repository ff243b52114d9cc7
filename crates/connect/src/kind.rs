//! Which rows are deals and which only look like it: blanks, totals, the header over again, and the lines a report
//! writes below its rows.

use crate::{
    text::{
        header::key,
        scan::Record,
        sheet::{Format, Sheet},
    },
    vocabulary::System,
};

/// What a row is, as far as it tells by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Deal,
    Blank,
    /// The column names over again.
    Header,
    /// A sum or a count.
    Total,
    /// A line that reports write and no deal is.
    Remark,
    /// So little in it that it is a remark if nothing but such rows follow.
    Scrap,
}

/// Tells rows apart.
#[derive(Debug, Clone)]
pub(crate) struct Sorter {
    header: Vec<String>,
    width: usize,
    footers: Vec<&'static str>,
    id: Option<usize>,
}

/// First words of rows that sum up others, in the form of [`key`], digits left out.
const TOTALS: &[&str] = &[
    "total",
    "totals",
    "grandtotal",
    "grandtotals",
    "subtotal",
    "subtotals",
    "totalrecords",
    "grandtotalrecords",
    "grandtotalsrecords",
    "subtotalrecords",
    "totalsrecords",
    "sum",
    "count",
    "recordcount",
    "summe",
    "gesamt",
    "gesamtsumme",
    "gesamtsummen",
    "zwischensumme",
    "anzahl",
    "gesamtanzahl",
    "totalgeneral",
    "totauxgeneraux",
    "soustotal",
    "nombre",
    "grandtotalsdatensatze",
    "gesamtsummendatensatze",
];

impl Sorter {
    pub fn new(sheet: &Sheet<'_>, system: System, id: Option<usize>) -> Self {
        let header = sheet.columns.iter().map(|column| column.written.trim().to_owned()).collect();
        let mut footers = system.vocabulary().footers.to_vec();
        footers.extend(System::Other.vocabulary().footers);
        let width = if sheet.format() == Format::Json { 0 } else { sheet.named_width() };
        Self { header, width, footers, id }
    }

    pub fn kind(&self, row: &Record<'_>) -> Kind {
        let mut filled = row.filled();
        let Some((at, first)) = filled.next() else { return Kind::Blank };
        // Records of a list say what they are; so do rows of narrow files, where one cell is half a row.
        if self.width < 3 {
            return Kind::Deal;
        }
        if first == self.header.get(at).map_or("", String::as_str) && self.is_header(row) {
            return Kind::Header;
        }
        let count = 1 + filled.take(self.width).count();
        let has_id = self
            .id
            .is_some_and(|id| id != at && row.cells.get(id).is_some_and(|cell| !cell.trim().is_empty()));
        if has_id || first.len() > 400 {
            return Kind::Deal;
        }
        if count <= (self.width / 2).max(2) && self.is_total(first) {
            return Kind::Total;
        }
        if count <= 2 && self.is_remark(first) {
            return Kind::Remark;
        }
        let like_an_id = self.id == Some(at)
            && !first.contains(char::is_whitespace)
            && first.contains(|sign: char| sign.is_ascii_digit());
        if count == 1 && !like_an_id { Kind::Scrap } else { Kind::Deal }
    }

    fn is_header(&self, row: &Record<'_>) -> bool {
        row.filled().all(|(at, cell)| self.header.get(at).is_some_and(|name| name == cell))
            && row.filled().count() == self.header.iter().filter(|name| !name.is_empty()).count()
    }

    fn is_total(&self, first: &str) -> bool {
        let words: String = key(first).chars().filter(|sign| !sign.is_ascii_digit()).collect();
        TOTALS.contains(&words.as_str())
    }

    fn is_remark(&self, first: &str) -> bool {
        let words = key(first);
        self.footers.iter().any(|start| words.starts_with(start)) && first.contains(char::is_whitespace)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::is_known;

    fn kinds(text: &str) -> Vec<Kind> {
        let sheet = Sheet::open(text.as_bytes(), &is_known).unwrap();
        let id = sheet.columns.iter().position(|column| column.key == "opportunityid");
        let sorter = Sorter::new(&sheet, System::Salesforce, id);
        let (mut walk, mut row, mut kinds) = (sheet.walk(), Record::default(), Vec::new());
        while walk.advance(&mut row).unwrap() {
            kinds.push(sorter.kind(&row));
        }
        kinds
    }

    #[test]
    fn rows_below_a_report_are_told_from_deals() {
        let text = "Opportunity Name,Stage,Amount,Opportunity ID\n\
            Total Wine,Won,5,006A\n\
            Subtotal,,5,\n\
            ,,,\n\
            Opportunity Name,Stage,Amount,Opportunity ID\n\
            Grand Totals (12 records),,17,\n\
            Confidential Information - Do Not Distribute\n\
            Copyright (c) 2000-2024 somebody\n\
            Won deals of the year\n\
            No id,Won,5,\n";
        use Kind::*;
        assert_eq!(kinds(text), [Deal, Total, Blank, Header, Total, Remark, Remark, Scrap, Deal]);
    }

    #[test]
    fn a_deal_cut_off_after_its_id_is_still_a_deal() {
        assert_eq!(kinds("Opportunity ID,Opportunity Name,Stage\n006bm00000LKJNN\n"), [Kind::Deal]);
        assert_eq!(kinds("Opportunity ID,Opportunity Name,Stage\nAcme Inc.\nPipeline\n"), [Kind::Scrap; 2]);
    }
}
