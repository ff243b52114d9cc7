# One handoff: what stands above all of its views.
handoff-tab-record = Record
handoff-tab-promises = Promises
handoff-tab-review = Review
handoff-tab-steps = Steps
handoff-tab-gates = Gates
handoff-tab-plan = Plan
handoff-tab-questions = Questions
handoff-tab-timeline = Timeline
handoff-arr = { $amount } ARR
handoff-csm = CSM: { $name }
handoff-playbook = { $title }, version { $version }
handoff-closed = Closed { $date }
handoff-signed = Signed { $date }
handoff-signature = Signature expected { $date }
handoff-answerable = answerable now
handoff-nobody-yet = Nobody yet
duty-title = Who answers for what
duty-accuracy = Accuracy until the transition: sales
duty-continuity = Continuity after it: CS
duty-changeover = The changeover: both
duty-moves = Ownership moves { $when }. At every moment exactly one person is answerable to the customer.
duty-stands-in = for { $name }, who cannot sign in yet
duty-csm-nominated = CSM, nominated
duty-csm-offered = CSM, asked to accept
handoff-gap-why = { $problem }. { $reason }
handoff-withdrawn = Withdrawn
handoff-cancelled = Cancelled
handoff-history = Closed before the go-live date
handoff-history-text = It is kept for measurement only: nobody owes anything, and no clock runs.
handoff-out-of-scope = This deal takes no handoff
handoff-would-refuse = Went past the gate { $gate }, which would have refused it
handoff-bypassed = Went past the gate { $gate }
handoff-bypassed-text = Found on { $date } past { $gate }: { $found }. What is missing is still owed; later gates open once it is filled in.
handoff-unmapped = The AE cannot sign in yet
handoff-unmapped-text = The CRM names { $name }, whom nobody has mapped to a person here. Until then { $stand_in } answers.
handoff-unmapped-link = Map them
shut-text = { $n ->
    [one] One thing is missing. Fill it in, then send your request again; nothing you typed is lost.
   *[other] { $n } things are missing. Fill them in, then send your request again; nothing you typed is lost.
} Your attempt at the gate { $gate } is kept in the timeline.
shut-back = Back
shut-again = Try again
