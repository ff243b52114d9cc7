# Gates, waivers, routes.
gates-empty = No gates
gates-empty-text = This deal takes no handoff, so nothing is asked of it.
gates-says-pass = Nothing is missing: the request this gate guards will go through.
gates-says-passed = Passed. A pass never un-happens; what changes later shuts the gates still ahead.
gates-says-waivable = A waiver covers what is missing. It will pass, and never look complete.
gates-says-waived = Passed with a waiver: what it covers is still owed.
gates-says-not-required = Not asked of this deal.
gates-says-refused = Shut, and enforced: whoever asks is stopped until this is there.
gates-says-observed = Shut, but only observed: nobody is stopped; what went past is marked.
gates-folded = { $n ->
    [one] One thing is missing
   *[other] { $n } things are missing
}
gates-gap = { $what }: { $problem }
gates-something = Part of the process
gates-attempt = Ask this gate now
gates-attempt-flash = The gate let it through. The pass is in the timeline.
gates-passed = Passed on { $time }, asked by { $name }.
gates-passed-waived = Passed with a waiver on { $time }, asked by { $name }.
gates-refused = { $n ->
    [one] Refused once, on { $time }, asked by { $name }.
   *[other] Refused { $n } times, last on { $time }, asked by { $name }.
}
gates-bypassed = Gone past, noticed on { $time }: { $found }.
gates-would-refuse = Gone past while only observed, on { $time }: { $found }. It would have been refused.
gates-ask = Ask for a waiver
gates-ask-text = A waiver lets what is missing wait, once, at this gate. It stays owed, with a date.
gates-ask-decided-by = Decided by { $roles }, never by who asks.
gates-ask-covers = What may wait?
gates-ask-lost = What can no longer happen?
gates-ask-reason = Why?
gates-ask-button = Ask for the waiver
gates-ask-lost-button = Ask to close it as lost
gates-asked-flash = Asked. Whoever decides it has been told.
gates-waivers = Waivers
gates-no-waivers = No waivers
gates-no-waivers-text = When something cannot be there in time, a waiver lets the gate pass without pretending that it is complete. Ask for one under the gate that is shut.
gates-state-asked = Waits for a decision
gates-state-denied = Denied
gates-state-lost = Closed as lost
gates-state-paid = Paid
gates-state-expired = Run out
gates-state-debt = Owed
gates-waiver-asked = Asked for by { $name } on { $time }.
gates-waiver-denied = Denied by { $name } on { $time }: { $reason }.
gates-waiver-granted = Granted by { $name } on { $time }.
gates-waiver-expired = { $name } owed it by { $time }; later gates are shut until it is there or waived anew.
gates-waiver-owed = { $name } owes it by { $time }.
gates-waiver-used = Used on { $time }.
gates-waiver-own = You asked for it; somebody else decides.
gates-waiver-others = Decided by { $roles }.
gates-expires = May wait until
gates-expires-hint = { $time } at the latest.
gates-grant = Grant it
gates-grant-lost = It can no longer happen: it is closed as lost, counted apart, and no later gate asks for it.
gates-deny = Deny it
gates-deny-reason = Why not?
gates-granted-flash = Granted.
gates-denied-flash = Denied.
gates-finish = Call it done
gates-finish-text = { $n ->
    [0] Owned, kicked off, planned and rated: nothing is missing.
    [one] One thing is still missing; asking is remembered.
   *[other] { $n } things are still missing; asking is remembered.
}
gates-finish-button = Call it done
gates-finish-flash = Done. Aftercare goes on: questions for 60 days, the second rating, first value.
gates-route = The way this deal takes
gates-route-none = No handoff
gates-reroute = Choose another way
gates-reroute-way = Which way
gates-reroute-reason = Why?
gates-reroute-button = Change the way
gates-route-flash = The way was changed.
