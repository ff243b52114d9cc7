//! What a customer does themselves: let in by their CSM, and in by the link they are mailed, as every customer is.

use throughline_app::{
    Caller,
    portal::{Entered, NewPortalPerson, PortalAct, Visitor},
};
use throughline_domain::{AccountId, HandoffId};

use crate::{PlayError, stage::Stage};

/// What stands for the browser they ask in.
const BROWSER: &str = "a browser at a made-up customer";
/// Where a mailed link leads, before its key.
const ENTER: &str = "/portal/enter?key=";

impl Stage<'_> {
    async fn account(&self, id: HandoffId) -> Result<AccountId, PlayError> {
        Ok(self.app.load(self.cast.org, id).await?.handoff.account)
    }

    /// The CSM lets somebody in.
    pub async fn lets_in(
        &self,
        csm: &Caller,
        id: HandoffId,
        (name, email): (&str, &str),
        may_sign: bool,
    ) -> Result<(), PlayError> {
        let (name, email) = (name.to_owned(), email.to_owned());
        let new = NewPortalPerson { name, email, may_sign, again: false };
        self.app.grant_portal(csm, self.account(id).await?, new).await?;
        self.deliver().await
    }

    /// They come in.
    pub async fn comes_in(&self, id: HandoffId, email: &str) -> Result<Visitor, PlayError> {
        let account = self.account(id).await?;
        self.app.ask_portal_link(email, Some(account), BROWSER).await?;
        self.deliver().await?;
        let letters = self.app.letters(&Caller::system(self.cast.org), true, None, 50).await?;
        let mut links = letters.iter().filter_map(|letter| letter.link.as_deref());
        let key = links.find_map(|link| link.strip_prefix(ENTER));
        let key = key.ok_or_else(|| PlayError::script("the customer was mailed no link"))?;
        match self.app.enter_portal(key, BROWSER).await? {
            Entered::In(session) => Ok(self.app.portal_visitor(&session).await?),
            Entered::NeedsCode(_) => Err(PlayError::script("the customer came in by another browser")),
        }
    }

    /// They do something.
    pub async fn there(&self, visitor: &Visitor, id: HandoffId, act: PortalAct) -> Result<(), PlayError> {
        self.app.portal_act(visitor, id, act).await?;
        self.deliver().await
    }
}
