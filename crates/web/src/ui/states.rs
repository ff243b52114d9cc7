//! The states every page shows, with their colour, icon and words.

use super::{Shown, Tone};
use crate::i18n::Key;
use crate::key;

/// Writes an enum of states and how each is shown: one row a state, so that none can be left half-defined.
macro_rules! states {
    ($(#[$about:meta])* $name:ident { $($(#[$meaning:meta])* $state:ident: $tone:ident, $icon:literal, $key:expr;)+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$meaning])* $state,)+
        }

        impl $name {
            /// All of them, in the order they are explained in.
            pub const ALL: &[Self] = &[$(Self::$state),+];
        }

        impl Shown for $name {
            fn tone(&self) -> Tone {
                match self { $(Self::$state => Tone::$tone,)+ }
            }
            fn icon(&self) -> &'static str {
                match self { $(Self::$state => $icon,)+ }
            }
            fn key(&self) -> Key {
                match self { $(Self::$state => $key,)+ }
            }
        }
    };
}

states! {
    /// Where a handoff stands (R0.3, R0.6).
    Stage {
        /// The record is being filled.
        Preparing: Calm, "pencil-line", key!("stage-preparing");
        /// A CSM was asked.
        Offered: Info, "hand-helping", key!("stage-offered");
        /// A CSM has accepted.
        Assigned: Info, "user-check", key!("stage-assigned");
        /// Ownership has moved.
        Owned: Brand, "handshake", key!("stage-owned");
        /// Owned, kicked off, plan confirmed, rated.
        Done: Good, "check-check", key!("stage-done");
        /// Lost before transfer.
        Withdrawn: Calm, "undo-2", key!("stage-withdrawn");
        /// Ended after transfer.
        Cancelled: Bad, "ban", key!("stage-cancelled");
        /// Closed before the go-live date: for measurement only.
        History: Calm, "database", key!("stage-history");
        /// Takes no handoff.
        OutOfScope: Calm, "circle-slash", key!("stage-out-of-scope");
    }
}

states! {
    /// What is known of one gate (R0.13, R2.11).
    GateMark {
        /// Everything it demands is there.
        Pass: Good, "circle-check", key!("gate-pass");
        /// Something is missing.
        Refused: Bad, "octagon-x", key!("gate-refused");
        /// Passed on somebody's word; never complete.
        Waived: Warn, "stamp", key!("gate-waived");
        /// Not asked of this deal.
        NotRequired: Calm, "circle-slash", key!("gate-not-required");
        /// Gone around.
        Bypassed: Bad, "triangle-alert", key!("gate-bypassed");
        /// Only observed: it would have been refused.
        WouldRefuse: Warn, "circle-alert", key!("gate-would-refuse");
        /// Not asked yet.
        Ahead: Calm, "circle-dashed", key!("gate-ahead");
    }
}

states! {
    /// What a clock says (R0.2).
    Reading {
        /// Done before its window.
        Early: Info, "fast-forward", key!("reading-early");
        /// Done inside its window.
        Met: Good, "clock-check", key!("reading-met");
        /// Done after it was due.
        Late: Warn, "clock-alert", key!("reading-late");
        /// Can no longer be done.
        Missed: Bad, "circle-x", key!("reading-missed");
        /// Has not begun to run.
        Waiting: Calm, "hourglass", key!("reading-waiting");
        /// Runs.
        Running: Info, "clock", key!("reading-running");
        /// Runs, and was due.
        Overdue: Bad, "alarm-clock", key!("reading-overdue");
    }
}

states! {
    /// The life of a promise (R1.2, R2.6).
    PromiseLife {
        /// Written down; nobody has decided on it.
        Captured: Calm, "message-square-quote", key!("promise-captured");
        /// Sent to deal desk or product, who have not decided.
        AwaitingDecision: Warn, "hourglass", key!("promise-awaiting-decision");
        /// May be kept as promised.
        Approved: Good, "circle-check", key!("promise-approved");
        /// Something else may be offered instead.
        Countered: Info, "scale", key!("promise-countered");
        /// May not be kept.
        Declined: Bad, "circle-x", key!("promise-declined");
        /// The AE owes the customer a talk.
        ToBeCorrected: Warn, "pencil-line", key!("promise-to-be-corrected");
        /// The CSM has it now.
        Transferred: Info, "arrow-right", key!("promise-transferred");
        /// Kept in time.
        Kept: Good, "check-check", key!("promise-kept");
        /// Kept, but late.
        Late: Warn, "clock-alert", key!("promise-late");
        /// Not kept.
        Broken: Bad, "octagon-x", key!("promise-broken");
        /// The customer no longer wants it.
        Released: Calm, "undo-2", key!("promise-released");
    }
}

states! {
    /// A mark on the scorecard (R6.7).
    ScoreMark {
        /// Nothing to ask.
        Clear: Good, "circle-check", key!("mark-clear");
        /// Good enough; the AE owes the rest.
        Partial: Warn, "circle-dot", key!("mark-partial");
        /// Not good enough.
        Unclear: Bad, "circle-alert", key!("mark-unclear");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::{Locale, Text};
    use std::collections::BTreeSet;

    fn tell_apart<S: Shown + std::fmt::Debug>(states: &[S]) {
        let text = Text::new(Locale::En, jiff::tz::TimeZone::UTC);
        let icons: BTreeSet<_> = states.iter().map(Shown::icon).collect();
        let words: BTreeSet<_> = states.iter().map(|state| text.get(state.key())).collect();
        assert_eq!((icons.len(), words.len()), (states.len(), states.len()), "{states:?}");
        for icon in icons {
            assert!(throughline_assets::icons().any(|listed| listed == icon), "{icon} is not in the sprite");
        }
    }

    #[test]
    fn states_of_a_kind_are_told_apart_by_icon_and_by_words_not_only_by_colour() {
        tell_apart(Stage::ALL);
        tell_apart(GateMark::ALL);
        tell_apart(Reading::ALL);
        tell_apart(PromiseLife::ALL);
        tell_apart(ScoreMark::ALL);
    }

    #[test]
    fn a_waived_or_bypassed_gate_never_looks_like_a_passed_one() {
        for gate in GateMark::ALL.iter().filter(|gate| **gate != GateMark::Pass) {
            assert_ne!(gate.tone(), Tone::Good, "{gate:?}");
        }
    }
}
