# Stages of a handoff.
stage-preparing = Preparing
stage-offered = Offered
stage-assigned = Assigned
stage-owned = Owned
stage-done = Done
stage-withdrawn = Withdrawn
stage-cancelled = Cancelled
stage-history = History
stage-out-of-scope = No handoff

# What is known of a gate.
gate-pass = Passed
gate-refused = Refused
gate-waived = Waived
gate-not-required = Not required
gate-bypassed = Bypassed
gate-would-refuse = Would be refused
gate-ahead = Not asked yet

# What a clock says.
reading-early = Early
reading-met = Met
reading-late = Late
reading-missed = Missed
reading-waiting = Waiting
reading-running = Running
reading-overdue = Overdue

# The life of a promise.
promise-captured = Captured
promise-awaiting-decision = Awaiting decision
promise-approved = Approved
promise-countered = Countered
promise-declined = Declined
promise-to-be-corrected = To be corrected
promise-transferred = Transferred
promise-kept = Kept
promise-late = Kept late
promise-broken = Broken
promise-released = Released

# Marks of the scorecard.
mark-clear = Clear
mark-partial = Partial
mark-unclear = Unclear
