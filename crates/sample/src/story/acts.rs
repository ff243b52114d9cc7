//! What people do in every deal: named once, so that a play reads as its dates.

use jiff::{Timestamp, civil::Date};
use throughline_app::Caller;
use throughline_domain::{
    HandoffId,
    deal::Standing,
    handoff::{KnownBy, Milestone, command},
    record::Side,
};

use crate::{
    PlayError,
    brief::Brief,
    stage::{Sold, Stage, id_of, key, say},
};

impl Stage<'_> {
    /// The CRM tells of a deal that opens a record.
    pub async fn opens(&self, when: Timestamp, deal: Sold, close: Date) -> Result<HandoffId, PlayError> {
        self.at(when).await?;
        self.open(self.reading(deal, Standing::Open, close)).await
    }

    /// The CRM tells that a deal is won.
    pub async fn wins(&self, when: Timestamp, deal: Sold, close: Date) -> Result<(), PlayError> {
        self.at(when).await?;
        let won = Sold { stage: "Closed won", ..deal };
        self.tell(self.reading(won, Standing::Won, close)).await?;
        Ok(())
    }

    /// The CS leader nominates a CSM.
    pub async fn nominates(&self, when: Timestamp, id: HandoffId, csm: &Caller) -> Result<(), PlayError> {
        self.at(when).await?;
        self.pass(&self.cast.ruth, id, command::Nominate { csm: id_of(csm)? }).await?;
        self.deliver().await
    }

    /// The nominated CSM meets the customer before the signature.
    pub async fn meets(&self, when: Timestamp, id: HandoffId, csm: &Caller) -> Result<(), PlayError> {
        self.at(when).await?;
        self.report(csm, id, "early_intro", None, KnownBy::Calendar).await
    }

    /// The AE fills the record.
    pub async fn fills(
        &self,
        when: Timestamp,
        ae: &Caller,
        id: HandoffId,
        brief: &Brief,
    ) -> Result<(), PlayError> {
        self.at(when).await?;
        self.fill(ae, id, brief).await
    }

    /// Offered on one day and hour, reviewed and accepted on another.
    pub async fn offered_and_accepted(
        &self,
        id: HandoffId,
        ae: &Caller,
        csm: &Caller,
        offered: (u32, i8),
        accepted: (u32, i8),
    ) -> Result<(), PlayError> {
        self.at(self.script.back(offered.0, offered.1, 25)).await?;
        self.pass(ae, id, command::Offer { to: id_of(csm)? }).await?;
        self.at(self.script.back(accepted.0, accepted.1, 40)).await?;
        self.review(csm, id).await?;
        self.pass(csm, id, command::Accept {}).await?;
        self.deliver().await
    }

    /// The AE introduces the CSM by mail, who writes a few hours later: ownership moves.
    pub async fn introduced(
        &self,
        id: HandoffId,
        ae: &Caller,
        csm: &Caller,
        back: u32,
    ) -> Result<(), PlayError> {
        self.at(self.script.back(back, 13, 0)).await?;
        self.report(ae, id, "warm_intro", Some("mail"), KnownBy::Mail).await?;
        self.at(self.script.back(back, 16, 30)).await?;
        self.report(csm, id, "first_contact", None, KnownBy::Mail).await?;
        self.deliver().await
    }

    /// The customer and the CSM agree on a date for the kickoff.
    pub async fn books(&self, id: HandoffId, csm: &Caller, at: Timestamp) -> Result<(), PlayError> {
        let booked = self.happened("kickoff_booked", None, KnownBy::Calendar)?;
        self.pass(csm, id, command::ReportStep { booked_for: Some(at), ..booked }).await?;
        self.deliver().await
    }

    /// The internal call is held, the plan opened, the kickoff confirmed.
    pub async fn prepared(
        &self,
        id: HandoffId,
        ae: &Caller,
        csm: &Caller,
        back: u32,
    ) -> Result<(), PlayError> {
        self.at(self.script.back(back, 10, 30)).await?;
        self.report(ae, id, "internal_call", Some("live"), KnownBy::Calendar).await?;
        self.at(self.script.back(back, 11, 15)).await?;
        self.pass(csm, id, command::ConfirmStep { step: key("internal_call")?, number: 0 }).await?;
        self.pass(csm, id, command::OpenPlan {}).await?;
        let milestone = Milestone {
            title: say("The first team works with it for a whole week")?,
            side: Side::Customer,
            owner: None,
            due_on: Some(self.script.ahead(20)),
            reached_on: None,
        };
        self.pass(csm, id, command::SetMilestone { id: None, milestone }).await?;
        self.pass(csm, id, command::ConfirmKickoff {}).await?;
        self.deliver().await
    }
}
