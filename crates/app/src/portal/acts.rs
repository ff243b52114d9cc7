//! What a visitor does. Each act is a command like any other; where it was said is the portal, and nobody else can say so.

use jiff::Timestamp;
use throughline_domain::{
    HandoffId, ItemId, Key, Personal,
    access::customer_may,
    handoff::{Command, command::*},
    record::{Evidence, Source},
};

use super::Visitor;
use crate::{
    App, AppError, HandleOptions, Handled,
    handle::{Loaded, On, TRIES},
};

/// Something a visitor does.
#[derive(Debug, Clone)]
pub enum PortalAct {
    /// Says that a success criterion is still right, or what is right now (R4.1).
    Criterion {
        /// Which.
        item: ItemId,
        /// The imprint of what they read.
        read: String,
        /// Their new words, when it is not.
        words: Option<Personal>,
    },
    /// Commits to a prerequisite (R4.1).
    Commit {
        /// Which.
        prerequisite: Key,
    },
    /// Proposes a milestone, or another shape of one.
    Propose(ProposeMilestone),
    /// Says who owns a milestone of theirs.
    Own(OwnMilestone),
    /// Says that a milestone of theirs was reached.
    Complete(CompleteMilestone),
    /// Says something to the plan.
    Comment(CommentPlan),
}

impl App {
    /// Does what a visitor asks for, on the state as it is then.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a handoff that is not theirs to see; [`AppError::Refused`] with the process's reason.
    pub async fn portal_act(
        &self,
        visitor: &Visitor,
        id: HandoffId,
        act: PortalAct,
    ) -> Result<Handled, AppError> {
        self.portal_command(visitor, id, |loaded| command(visitor, loaded, self.now(), act.clone())).await
    }

    /// Decides for a visitor, anew whenever others were faster.
    pub(super) async fn portal_command(
        &self,
        visitor: &Visitor,
        id: HandoffId,
        command: impl Fn(&Loaded) -> Result<Command, AppError>,
    ) -> Result<Handled, AppError> {
        let (caller, options) = (visitor.caller(), HandleOptions::default());
        for _ in 0..TRIES {
            let loaded = self.visited(visitor, id).await?;
            let command = command(&loaded)?;
            if !customer_may(command.verb(), visitor.person.may_sign) {
                return Err(AppError::Forbidden(throughline_domain::access::Action::Plan));
            }
            match self.run(&caller, On::Known(Box::new(loaded)), id, command, &options).await {
                Err(AppError::Stale { .. }) => {}
                other => return other,
            }
        }
        Err(AppError::Unavailable("others are always faster".to_owned()))
    }
}

fn command(visitor: &Visitor, loaded: &Loaded, at: Timestamp, act: PortalAct) -> Result<Command, AppError> {
    let said = || -> Result<Evidence, AppError> {
        Ok(Evidence {
            source: Some(Source::Portal),
            speaker: Some(Personal::parse(&visitor.person.name).map_err(AppError::broken)?),
            on: Some(loaded.calendars.house().local_date(at)),
            ..Evidence::default()
        })
    };
    Ok(match act {
        PortalAct::Criterion { item, read, words } => {
            let (evidence, read) = (said()?, Some(read));
            ConfirmCriterion { item, still_accurate: words.is_none(), read, words, at, evidence }.into()
        }
        PortalAct::Commit { prerequisite } => CommitPrerequisite { prerequisite, evidence: said()? }.into(),
        PortalAct::Propose(body) => body.into(),
        PortalAct::Own(body) => body.into(),
        PortalAct::Complete(body) => body.into(),
        PortalAct::Comment(body) => body.into(),
    })
}
