//! Open, won or lost: from the CRM's flags where it exports them, else from the name of the stage, which is then
//! said in the notes because a name is only a name.

use serde::{Deserialize, Serialize};

use crate::text::header::words;

/// How a deal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Still being sold.
    Open,
    /// Closed and won.
    Won,
    /// Closed and lost.
    Lost,
}

/// What the name of a stage tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum StageReading {
    /// Nothing about an end.
    Open,
    /// Won.
    Won,
    /// Lost.
    Lost,
    /// An end, but not which.
    Unclear,
}

const WON: &[&str] = &[
    "won",
    "closedwon",
    "dealwon",
    "gewonnen",
    "gagne",
    "gagnee",
    "gagnees",
    "remporte",
    "remportee",
    "ganado",
    "ganada",
    "ganha",
    "ganho",
    "vinto",
    "vinta",
];
const LOST: &[&str] = &[
    "lost",
    "closedlost",
    "deallost",
    "verloren",
    "perdu",
    "perdue",
    "perdues",
    "perdido",
    "perdida",
    "perso",
    "persa",
];
const CLOSED: &[&str] = &[
    "closed",
    "geschlossen",
    "abgeschlossen",
    "ferme",
    "fermee",
    "cloture",
    "cloturee",
    "cerrado",
    "cerrada",
    "chiuso",
    "chiusa",
];
/// Words that turn the others into a hope.
const DOUBT: &[&str] = &[
    "not", "no", "nicht", "non", "pas", "almost", "nearly", "pending", "verbal", "verbally", "likely",
    "expected", "soon", "fast", "presque", "if", "when", "to", "be", "can", "winning",
];

/// Reads the name of a stage or a status.
pub fn read_stage(name: &str) -> StageReading {
    let words: Vec<String> = words(name).collect();
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    match (has(WON), has(LOST), has(CLOSED)) {
        _ if has(DOUBT) => StageReading::Open,
        (true, false, _) => StageReading::Won,
        (false, true, _) => StageReading::Lost,
        (true, true, _) | (false, false, true) => StageReading::Unclear,
        (false, false, false) => StageReading::Open,
    }
}

/// What a row says of its end, cell by cell; none where the cell is blank or the column is not there.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Signals {
    pub won: Option<bool>,
    pub lost: Option<bool>,
    pub closed: Option<bool>,
    pub status: Option<StageReading>,
    pub stage: Option<StageReading>,
    /// What a person decided for this stage.
    pub decided: Option<Outcome>,
}

/// The outcome, and how it was come by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Judged {
    /// The flags, or a person, say it.
    Said(Outcome),
    /// The stage's name says it.
    Inferred(Outcome),
    /// An end, but not which: taken as open.
    Unclear,
    /// The flags say one thing and the stage's name another: the flags count.
    Contradicted(Outcome),
}

impl Judged {
    pub fn outcome(self) -> Outcome {
        match self {
            Judged::Said(outcome) | Judged::Inferred(outcome) | Judged::Contradicted(outcome) => outcome,
            Judged::Unclear => Outcome::Open,
        }
    }
}

impl Signals {
    pub fn judge(self) -> Judged {
        if let Some(decided) = self.decided {
            return Judged::Said(decided);
        }
        let by_name = match (self.status, self.stage) {
            (Some(status @ (StageReading::Won | StageReading::Lost)), _) => status,
            (_, Some(stage)) => stage,
            (Some(status), None) => status,
            (None, None) => StageReading::Open,
        };
        let flags = match (self.won, self.lost, self.closed) {
            (Some(true), _, _) => Some(Outcome::Won),
            (_, Some(true), _) => Some(Outcome::Lost),
            (Some(false), _, Some(true)) => Some(Outcome::Lost),
            (_, _, Some(false)) => Some(Outcome::Open),
            (Some(false), Some(false), None) => Some(Outcome::Open),
            _ => None,
        };
        match (flags, by_name) {
            (Some(Outcome::Won), StageReading::Lost)
            | (Some(Outcome::Lost), StageReading::Won)
            | (Some(Outcome::Open), StageReading::Won | StageReading::Lost) => {
                Judged::Contradicted(flags.unwrap_or(Outcome::Open))
            }
            (Some(outcome), _) => Judged::Said(outcome),
            // Won is denied, and nothing says closed: only a loss can be told by name.
            (None, StageReading::Won) if self.won == Some(false) => Judged::Contradicted(Outcome::Open),
            (None, StageReading::Won) => Judged::Inferred(Outcome::Won),
            (None, StageReading::Lost) => Judged::Inferred(Outcome::Lost),
            (None, StageReading::Unclear) => Judged::Unclear,
            (None, StageReading::Open) if self.closed == Some(true) => Judged::Unclear,
            (None, StageReading::Open) => Judged::Said(Outcome::Open),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stage_names_tell_won_and_lost_in_several_languages() {
        for won in
            ["Closed Won", "closedwon", "Won", "5 - Won", "Gewonnen", "Geschlossen/Gewonnen", "Fermée gagnée"]
        {
            assert_eq!(read_stage(won), StageReading::Won, "{won}");
        }
        for lost in ["Closed Lost", "closedlost", "Lost - Price", "Verloren", "Perdu"] {
            assert_eq!(read_stage(lost), StageReading::Lost, "{lost}");
        }
        for open in ["Negotiation", "Not won yet", "Verbally won", "Wonderful", "Won - pending signature", ""]
        {
            assert_eq!(read_stage(open), StageReading::Open, "{open}");
        }
        for unclear in ["Closed", "Won/Lost", "Abgeschlossen"] {
            assert_eq!(read_stage(unclear), StageReading::Unclear, "{unclear}");
        }
    }

    #[test]
    fn flags_count_more_than_names() {
        let stage = Some(StageReading::Won);
        let judge = |won, closed| Signals { won, closed, stage, ..Signals::default() }.judge();
        assert_eq!(judge(None, None), Judged::Inferred(Outcome::Won));
        assert_eq!(judge(Some(true), Some(true)), Judged::Said(Outcome::Won));
        assert_eq!(judge(Some(false), Some(true)), Judged::Contradicted(Outcome::Lost));
        assert_eq!(judge(Some(false), Some(false)), Judged::Contradicted(Outcome::Open));
        assert_eq!(judge(None, Some(true)), Judged::Inferred(Outcome::Won));
        let closed = Signals { closed: Some(true), stage: Some(StageReading::Open), ..Signals::default() };
        assert_eq!(closed.judge(), Judged::Unclear);
        let decided = Signals { decided: Some(Outcome::Lost), stage, ..Signals::default() };
        assert_eq!(decided.judge(), Judged::Said(Outcome::Lost));
    }

    #[test]
    fn a_closed_deal_whose_won_flag_is_blank_is_lost_by_its_stage() {
        let lost = Signals { closed: Some(true), stage: Some(StageReading::Lost), ..Signals::default() };
        assert_eq!(lost.judge(), Judged::Inferred(Outcome::Lost));
    }
}
