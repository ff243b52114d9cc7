//! The rejects file: the rows that could not be imported, as they were, with what is wrong beside them. It can be
//! mended in a spreadsheet and imported as it is; what is added here is left out then.

use std::io::Write;

use crate::{
    export::Export,
    fault::Reject,
    limits::COLUMNS,
    neutral::neutralise,
    text::{
        decode::LineEnding,
        sheet::{Format, REJECT_COLUMNS},
        sniff::Delimiter,
    },
};

/// Writes rejected rows of one export, as UTF-8 with the export's own delimiter.
pub struct RejectsWriter<W: Write> {
    out: csv::Writer<W>,
    width: usize,
}

impl<W: Write> RejectsWriter<W> {
    /// Writes the header: the export's columns, nameless ones where rows are wider than it, and the reject columns.
    ///
    /// # Errors
    /// What the writer below says.
    pub fn new(export: &Export<'_>, mut out: W) -> Result<Self, csv::Error> {
        let (delimiter, ending) = match export.summary().format {
            Format::Csv { delimiter, line_ending } => (delimiter, line_ending),
            Format::Json => (Delimiter::Comma, LineEnding::Lf),
        };
        // Spreadsheets take UTF-8 for something else unless it is marked; whoever sent a mark can read one.
        if export.summary().had_bom {
            out.write_all("\u{FEFF}".as_bytes())?;
        }
        let terminator = match ending {
            LineEnding::Crlf => csv::Terminator::CRLF,
            LineEnding::Lf | LineEnding::Cr => csv::Terminator::Any(b'\n'),
        };
        let mut out = csv::WriterBuilder::new()
            .delimiter(delimiter.byte())
            .terminator(terminator)
            .flexible(true)
            .from_writer(out);
        let width = export.max_width().min(COLUMNS - REJECT_COLUMNS.len());
        for at in 0..width {
            let name = export.columns().get(at).map_or("", |column| &column.written);
            out.write_field(&*neutralise(name))?;
        }
        for name in REJECT_COLUMNS {
            out.write_field(name)?;
        }
        out.write_record(None::<&[u8]>)?;
        Ok(Self { out, width })
    }

    /// Writes one row.
    ///
    /// # Errors
    /// What the writer below says.
    pub fn write(&mut self, reject: &Reject) -> Result<(), csv::Error> {
        for at in 0..self.width {
            self.out.write_field(&*neutralise(reject.cells.get(at).map_or("", String::as_str)))?;
        }
        let join = |part: &dyn Fn(&crate::fault::Fault) -> String| {
            reject.faults.iter().map(part).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" | ")
        };
        self.out.write_field(reject.line.to_string())?;
        self.out.write_field(&*neutralise(&join(&|fault| fault.column.clone().unwrap_or_default())))?;
        self.out.write_field(&*neutralise(&join(&|fault| fault.reason.to_string())))?;
        self.out.write_field(&*neutralise(&join(&|fault| fault.hint().to_owned())))?;
        self.out.write_record(None::<&[u8]>)
    }

    /// Ends the file and gives back what it was written to.
    ///
    /// # Errors
    /// What the writer below says.
    pub fn finish(self) -> std::io::Result<W> {
        self.out.into_inner().map_err(|error| error.into_error())
    }
}
