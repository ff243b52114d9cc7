# Setting up.
start-title = Set up
start-text = What is left to your first real handoff, in the order it is best done. Everything here is worked out from your data; nothing is ticked off by hand.
start-steps = To the first handoff
start-progress = { $done } of { $all } settled
start-settled = Settled
start-to-check = Please check
start-open = Open
start-ready = You can begin
start-ready-text = Somebody sells, somebody receives, and deals come in.
start-ready-go = Open the deals
start-tab = Set up

start-organisation = Organisation
start-organisation-now = { $name }, { $zone }, { $days ->
    [0] no holidays yet
    [one] one holiday
   *[other] { $days } holidays
}.
start-organisation-why = Every due time is counted in your business days. Amounts keep the currency their deal comes with.
start-organisation-go = Name and zone
start-calendar-go = Holidays by country
start-people = People and teams
start-people-now = { $people ->
    [one] One person
   *[other] { $people } people
}, { $teams ->
    [0] no team
    [one] one team
   *[other] { $teams } teams
}.
start-people-why = At least one AE who owes the record and one CSM who receives it. Paste everybody at once.
start-people-go = Invite several
start-teams-go = Teams
start-playbook = Playbook
start-playbook-now = New handoffs take { $title }, version { $version }.
start-playbook-why = It says what is asked, what each gate demands and who owes what by when. Six come with it.
start-playbook-go = Compare and choose
start-publish-go = Publish your own
start-routes = Who gets what
start-routes-now = Every job of the playbook is somebody’s. Deals take { $ways } ways; { $out ->
    [0] none leads
    [one] one leads
   *[other] { $out } lead
} out of the process.
start-routes-nobody = Nobody is { $roles } yet. What goes there would reach nobody but the process owner.
start-routes-why = Steps, promises and escalations go to roles; each needs somebody who holds it.
start-routes-go = Invite them
start-mail = Mail
start-mail-now = This server sends mail.
start-mail-none = This server sends no mail. People read their letters here, and you hand out invitations yourself.
start-mail-why = Whoever runs the server gives it a mail server with --smtp when it starts.
start-mail-go = What came in by mail
start-deals = First deals
start-deals-now = { $n ->
    [one] One deal has a record.
   *[other] { $n } deals have a record.
}
start-deals-kept = Deals are known, and none is near enough to its signature to open a record.
start-deals-none = No deal yet.
start-deals-why = An export of your CRM is enough to begin; an open deal opens its record as its signature comes near.
start-deals-go = Import an export
start-go-live = Go-live
start-go-live-now = From { $date } on. Gates: { $mode }.
start-go-live-none = No date yet. Gates: { $mode }.
start-go-live-why = What closed before the date is history and owes nothing. Observe first, and enforce when the figures look right.
start-go-live-go = Date and enforcement

start-playbook-title = Choose a playbook
start-playbook-text = Deals that open from now on take it, running ones keep theirs. You can change it any day, and publish a version of your own.
start-playbook-taken = New handoffs take { $name } from now on.
start-take = Take this one
start-in-use = In use
start-moves-acceptance = Ownership moves when the CSM accepts
start-moves-introduction = Ownership moves with the warm introduction
start-moves-kickoff = Ownership moves with the kickoff
start-no-review = No scorecard
start-review = { $n ->
    [one] The CSM marks one category
   *[other] The CSM marks { $n } categories
}

# Inviting several at once.
pasted-title = Invite several
pasted-text = Paste a line for each: name, mail, role, and a team if you like. From a sheet, copy the columns as they are.
pasted-paste = Paste
pasted-mend = Left to mend
pasted-lines = Lines
pasted-hint = At most { $n } lines. Several roles are parted by /. Pasting the same lines again invites nobody twice.
pasted-example = An example, and the roles
pasted-roles = Roles: { $roles }.
pasted-role = { $role } (“{ $written }”)
pasted-check = Check first
pasted-invite = Invite
pasted-more = Invite more
pasted-checked = { $invited } would be invited, { $faulty ->
    [0] nothing is wrong
    [one] one line is wrong
   *[other] { $faulty } lines are wrong
}
pasted-done = { $invited } invited{ $faulty ->
    [0] {""}
    [one] , one line left to mend
   *[other] , { $faulty } lines left to mend
}
pasted-links-once = These links are shown once. Each is good for three days: hand everybody theirs.
pasted-line = Line
pasted-came = What came of it
pasted-link-of = Link for { $name }
pasted-invited = Invited
pasted-would = Would be invited
pasted-here = Here already
pasted-here-text = Nothing was changed.
pasted-faulty = Not invited
pasted-fault-parts = A line has a name, a mail address and a role, parted by commas; a team may follow.
pasted-fault-part = { $field }: { $reason }
pasted-fault-no-role = The role is missing.
pasted-fault-role = There is no role “{ $name }”.
pasted-fault-twice = Line { $line } has the same address.
pasted-fault-left = Somebody of this address left. Invite them again on their own page.

# Lists of an organisation without deals.
first-queue = Nothing waits for you yet
first-queue-text = What you owe next, offers to answer and questions to you come here, each with the one thing to do and when it is due.
first-week = Nothing is due yet
first-week-text = What is late, what is due within seven days and who was told of it, counted in your business days.
first-deals = No deals yet
first-deals-text = Every deal that comes near its signature has a record here: what is missing, who owes it, and whether its gate would open.
first-board = An empty board
first-board-text = Deals stand here by stage, what is late first, so that a glance shows where handoffs get stuck.
first-desk = No promises yet
first-desk-text = A promise outside the standard waits here for its decision, before the customer counts on it.
first-set-up = Set up
first-set-up-text = Nothing is here because no deal has come in. Setting up takes one sitting.
first-open-text = Deals come from the CRM by themselves once that is set up. Until then you can open one by hand.
first-wait-text = Whoever sets this up brings the deals in. There is nothing for you to do yet.

# In the audit log.
pasted-log = Invited { $n ->
    [one] one person
   *[other] { $n } people
} by pasted lines
