# People and teams.
people-intro = Who works here, what they may do, and who answers for whom.
people-invite = Invite
people-search = Name or mail address
people-tab-all = People
people-tab-unmapped = From imports
people-tab-teams = Teams
people-name = Name
people-email = Mail address
people-email-hint = They sign in with it.
people-roles = Roles
people-roles-hint = A person may hold several. What each may do follows from the role; some reach only their own handoffs.
people-roles-none = Give at least one role.
people-no-roles = No role
people-team = Team
people-team-hint = Their manager sees and escalates by it.
people-status = Status
people-status-not-invited = Not invited
people-status-invited = Invited
people-status-active = Active
people-status-deactivated = Left
people-mapped-pill = Is { $name }
people-none = Nobody yet
people-none-text = Invite the first AE and the first CSM; they get a one-time link and set their own password.
people-none-found = Nobody found for “{ $q }”
people-none-found-text = Names and mail addresses are searched.
people-show-all = Show everybody
people-none-unmapped = Every owner is known
people-none-unmapped-text = Owners that a CRM names and nobody here knows appear in this list. Until they are mapped, the process owner answers for them.
people-since = Added
people-details = Details
people-duties = Open handoffs
people-duties-n = Handoffs to hand over: { $n }
people-duties-more = Only the first are shown; all of them move.
people-no-duties = No open handoffs.
people-duty-due = next due { $when }
people-aliases = Names in CRMs
people-aliases-text = Imports and the CRM find this person by them.
people-access = Access
people-saved = Saved: { $name }.
people-cancel = Cancel

# Scopes.
people-scope-own = Own handoffs
people-scope-team = Their team’s
people-scope-organisation = All
people-grant = { $role } ({ $scope })
people-reach-of = How far { $role } reaches

# What roles do.
people-about-ae = Fills the record, offers it, introduces the CSM
people-about-ae-manager = Helps their AEs, grants waivers, sees scores
people-about-se = Fills the technical part
people-about-deal-desk = Decides on prices and terms
people-about-product = Decides on promised features and dates
people-about-enablement = Reads records and scores to coach
people-about-csm = Reviews, accepts or returns, owns the customer
people-about-implementation = Reviews scope and data, works on the plan
people-about-cs-leader = Assigns, takes over, grants waivers
people-about-rev-ops = Owns process, data and measurement
people-about-sales-leader = Sees all deals, grants waivers
people-about-finance = Reads credit
people-about-auditor = Reads everything, changes nothing
people-about-admin = People, tokens, settings

# Inviting.
people-invite-title = Invite somebody
people-invite-text = You get a one-time link to pass on. They open it and choose a password.
people-invite-button = Make the invitation
people-invite-another = Invite somebody else
people-invite-owner = Save and invite
people-invite-again = Save and make a new link
people-link = One-time link
people-link-invited = { $name } is invited
people-link-invited-text = Pass this link on by whatever way you trust. It works once, for three days.
people-link-reset = A new password for { $name }
people-link-reset-text = Their sessions have ended. With this link they choose a new password. It works once, for three days.
people-link-once = The link is shown only now. If it gets lost, make a new one.
people-link-done = Done
people-reset = Make a reset link
people-reset-text = For somebody who forgot their password. Ends their sessions.

# Owners from CRMs.
people-owner-title = Known only from a CRM
people-owner-text = Deals name them as owner, but nobody here has said who they are. The process owner answers for them until they are mapped to somebody, or invited.
people-is-really = { $name } is { $real }
people-map = Map to a person
people-map-title = Who is { $name }?
people-map-text = Their names in CRMs and their open handoffs go over to the person you choose. Later deals find that person at once.
people-map-to = This is
people-map-button = Map
people-map-not-an-owner = Only an owner known from a CRM alone can be mapped.
people-mapped = { $name } is mapped. { $n ->
    [0] No handoff had to move.
    [one] One handoff moved.
   *[other] { $n } handoffs moved.
}

# Handing over.
people-reassign = Hand over to somebody
people-reassign-title = Hand over { $name }’s handoffs
people-reassign-text = All their open handoffs go to one person, with the reason in each timeline.
people-reassign-to = To whom
people-reassign-button = Hand over
people-reassigned = { $n ->
    [0] No handoff had to move.
    [one] One handoff moved.
   *[other] { $n } handoffs moved.
}
people-reason = Reason
people-reason-hint = It stands in the timeline of every handoff that moves.
people-leave = Deactivate
people-leave-hint = They can no longer sign in. Whoever has open handoffs leaves with a successor.
people-leave-me = Nobody deactivates themselves; somebody else has to.
people-leave-title = { $name } leaves
people-leave-text = They can no longer sign in. Their open handoffs go to a successor, so that no customer is without somebody.
people-leave-successor = Successor
people-leave-button = Deactivate
people-leave-free = { $name } has no open handoffs and can leave at once.
people-leave-needs = { $n ->
    [one] { $name } has one open handoff.
   *[other] { $name } has { $n } open handoffs.
}
people-leave-needs-text = Choose a successor to see what would move.
people-left = { $name } can no longer sign in. { $n ->
    [0] No handoff had to move.
    [one] One handoff moved.
   *[other] { $n } handoffs moved.
}
people-move-show = Show what would move
people-move-confirm = What happens
people-move-preview = { $n ->
    [0] No handoff of { $from } has to move to { $to }.
    [one] One handoff goes from { $from } to { $to }.
   *[other] { $n } handoffs go from { $from } to { $to }.
}
people-pick-typed = Begin to type their name or mail address.
people-pick-nobody = nobody here is called { $who } or has that mail address
people-pick-which = could be { $people }: enter one of them as it stands here
people-pick-somebody = choose somebody

# Teams.
people-teams = Teams
people-teams-intro = A manager sees the handoffs of their team and is told when something is overdue.
people-no-teams = No teams yet
people-no-teams-text = With teams, AE managers and CS managers see their people’s handoffs, and escalations know where to go.
people-team-new = New team
people-team-add = Add team
people-team-name = Name of the team
people-team-manager = Manager
people-team-manager-hint = Sees the team’s handoffs; escalations go here.
people-team-leads = leads
people-team-no-manager = Nobody leads it yet
people-team-size = { $n ->
    [one] One member
   *[other] { $n } members
}
people-team-change = Change
people-team-saved = Saved: { $name }.
people-team-calendar = Calendar
people-calendar-of = Calendar of { $name }
people-calendar-own = What this team’s people owe is counted by it.
people-calendar-house = This team works by the organisation’s calendar, shown here. Saved here, it becomes the team’s own.
people-calendar-end = Use the organisation’s calendar again
