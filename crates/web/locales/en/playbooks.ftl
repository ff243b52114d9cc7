# Playbooks.
playbook-intro = The handoff process as data: what the record asks, what gates demand, which steps and clocks there are. Versions never change; running handoffs keep theirs.
playbook-none = No playbook yet
playbook-none-text = Publish one to say how deals are handed off here.
playbook-in-use = New handoffs take it
playbook-version = Version { $n }
playbook-older-version = Older version { $n }
playbook-published-on = Published
playbook-asks = { $n } asks, { $required } always required
playbook-n-steps = { $n ->
    [one] One step
   *[other] { $n } steps
}
playbook-n-gates = { $n ->
    [one] One gate
   *[other] { $n } gates
}
playbook-tab-process = Process
playbook-tab-file = File
playbook-tab-versions = Versions
playbook-new-version = Upload a version
playbook-download = Download
playbook-contents = Contents

# The process.
playbook-record = The record
playbook-record-about = What sales writes down, and who works with it.
playbook-gates = Gates
playbook-gates-about = Where the process can refuse, and what each gate demands.
playbook-steps = Steps
playbook-steps-about = Who does what, and by when.
playbook-promises = Promises
playbook-promises-about = The first rule that holds sends a promise to be decided; none: it passes.
playbook-review = Review
playbook-review-about = What the receiving team marks before it accepts, and why it may refuse.
playbook-agenda = Kickoff agenda
playbook-agenda-about = Filled from the record; what is missing there is missing here.
playbook-plan = Success plan
playbook-plan-about = What a plan begins with.
playbook-ratings = Ratings
playbook-ratings-about = What the CSM says of the handoff.
playbook-routes = Routes
playbook-routes-about = Which deals take which way; the first rule that holds decides.
playbook-telling = Reminders and escalation
playbook-telling-about = Who is told, and when.
playbook-tiers = Measurement
playbook-tiers-about = What counts as what.
playbook-opens = A record opens when
playbook-transfer = Ownership moves
playbook-transfer-acceptance = when the CSM accepts
playbook-transfer-intro = with the warm introduction
playbook-transfer-kickoff = at the kickoff
playbook-process-owner = Process owner
playbook-always-required = Always required
playbook-always-required-of = { $n } asks, of at most { $most }
playbook-always = always
playbook-never = not required
playbook-required = Required
playbook-answer = Answer
playbook-at-least = { $kind }, at least { $n }
playbook-needs = Each with
playbook-filled-by = Filled by
playbook-used-by = Used by
playbook-reviewed-as = Reviewed as
playbook-from-crm = From the CRM
playbook-waived-by = Waived by
playbook-waiver-lasts = A waiver lasts
playbook-owner = Owner
playbook-with = With
playbook-clock = Due
playbook-takes = Takes
playbook-minutes = { $n } minutes
playbook-often = How often
playbook-times = { $least } to { $most } times
playbook-forms = Form
playbook-form-when = { $form } (when { $rule })
playbook-form-required = { $form } (required when { $rule })
playbook-until = Possible until
playbook-counts = Counts
playbook-receiver = once the receiving side confirms
playbook-confirms = Confirms
playbook-only-when = Only when
playbook-when = When
playbook-decides = Decides
playbook-undecided = Undecided promises
playbook-after = After
playbook-goes-to = Go to
playbook-marked = Marked
playbook-marked-review = before acceptance
playbook-marked-after = after the introduction
playbook-effect-returns = goes back to the AE
playbook-effect-follow-up = passes; the AE owes a follow-up
playbook-effect-note = is noted
playbook-refusal = Reasons to refuse
playbook-unanswered = Unanswered offers go to
playbook-second-return = A second return brings in
playbook-agenda-part = { $title }, { $n } minutes
playbook-after-kickoff = After the kickoff
playbook-prerequisites = What the customer commits to
playbook-low = Low
playbook-low-text = { $n } or less asks for a reason
playbook-takes-way = Way
playbook-way = { $way }; { $csm }
playbook-way-this = This process
playbook-way-none = No handoff: out of scope
playbook-csm-named = a CSM is picked
playbook-csm-record = to the CSM of record
playbook-csm-pooled = to the pool’s owner
playbook-variant = Variant
playbook-remind = Reminders
playbook-before-due = Before a due time
playbook-ladder = When it is overdue
playbook-rung = { $who }: after { $span }
playbook-told-owner = Whoever owes it
playbook-told-manager = Their manager
playbook-figures = Figures
playbook-first-value = First value within
playbook-complete-before = Complete means
playbook-complete-handoff = complete before a CSM was assigned
playbook-complete-kickoff = complete before the kickoff
playbook-pattern = Ratings that make a pattern
playbook-tier-complete = Record complete
playbook-tier-clear = Clear marks
playbook-tier-rating = Kickoff rating

# Clocks.
playbook-hours = { $n ->
    [one] one hour
   *[other] { $n } hours
}
playbook-days = { $n ->
    [one] one day
   *[other] { $n } days
}
playbook-business-hours = { $n ->
    [one] one working hour
   *[other] { $n } working hours
}
playbook-business-days = { $n ->
    [one] one business day
   *[other] { $n } business days
}
playbook-due-within = within { $span } after { $anchor }
playbook-due-window = { $from } to { $to } before { $anchor }
playbook-due-from = from { $from } before { $anchor }
playbook-due-to = until { $to } before { $anchor }
playbook-due-until = until { $anchor }
playbook-due-opens = not sooner than { $span }
playbook-due-roll = rolling to the next opening
playbook-moment-opened = the record opened
playbook-moment-signature = the signature
playbook-moment-closed = the close
playbook-moment-nominated = the nomination
playbook-moment-offered = the offer
playbook-moment-returned = the return
playbook-moment-record = the record is complete
playbook-moment-assigned = the CSM accepted
playbook-moment-owned = ownership moved
playbook-moment-call = the internal call
playbook-moment-intro = the warm introduction
playbook-moment-contact = the first contact
playbook-moment-kickoff = the kickoff
playbook-moment-kickoff-end = the kickoff’s end
playbook-moment-plan = the plan is confirmed
playbook-moment-value = first value

# What gates demand.
playbook-demand-record = The record is complete
playbook-demand-commitments = Every routed promise is decided
playbook-demand-review = The receiving team has reviewed it, and nothing blocks
playbook-demand-acceptance = A CSM has accepted
playbook-demand-ownership = Ownership has moved
playbook-demand-corrections = Every promise that does not stand was talked over with the customer
playbook-demand-plan = The plan is confirmed
playbook-demand-step = Done: { $title }
playbook-demand-rating = Given: { $title }

# Kinds of answers.
playbook-kind-text = Text
playbook-kind-words = The customer’s own words, with their source
playbook-kind-choice = A choice
playbook-kind-date = A date
playbook-kind-money = An amount
playbook-kind-number = A number
playbook-kind-yes-no = Yes or no
playbook-kind-person = A person
playbook-crm-plan = Plan
playbook-crm-amount = Amount
playbook-crm-arr = ARR
playbook-crm-term = Contract term
playbook-crm-discount = Discount
playbook-crm-renews = Renewal date
playbook-crm-competitor = Competitor
playbook-crm-segment = Segment
playbook-crm-type = Deal type

# Versions.
playbook-compared = From version { $from } to { $to }
playbook-compare = Compare
playbook-from = from
playbook-to = to
playbook-added = Added
playbook-removed = Removed
playbook-changed = Changed
playbook-before = before
playbook-after-change = now
playbook-only-one = There is one version
playbook-only-one-text = Once a second is published, what changed between them is told here, part by part.
playbook-same = They mean the same
playbook-same-text = The files may differ in comments and layout.

# Publishing.
playbook-publish = Publish a playbook
playbook-publish-text = Paste or upload the file. It is checked whole; what is wrong is shown with its line, and your text stays.
playbook-source = Playbook file
playbook-source-hint = YAML. Its name says which playbook it is a new version of.
playbook-upload = Or choose a file
playbook-upload-hint = It takes the place of the text above.
playbook-check = Check
playbook-publish-button = Publish
playbook-published = Published: { $name }, version { $version }. Running handoffs keep theirs.
playbook-too-large = The file is larger than { $kb } kB.
playbook-empty = Paste a playbook or choose a file.
playbook-findings = { $n ->
    [one] One thing is wrong
   *[other] { $n } things are wrong
}
playbook-no-faults = No faults found
playbook-against = { $n ->
    [0] It means the same as { $name }, version { $version }.
    [one] One difference from { $name }, version { $version }.
   *[other] { $n } differences from { $name }, version { $version }.
}
playbook-first = It would be the first version of { $name }.
playbook-what-changes = What would change
