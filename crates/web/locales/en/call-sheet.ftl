# The sheet for the internal call, the kickoff's agenda, and rating it in two keys.
call-title = Call sheet
call-was-held = Held { $time }
call-planned = Planned for { $time }
call-no-date = No time planned yet
call-points = What writing did not carry
call-points-text = The record has been read before the call. Ask these, and write down what is said.
call-field-hint = What was said, in a few words.
call-other = Anything else that came up
call-more = Add to it
call-nothing = Nothing written down yet.
call-written-by = { $name }, { $time }
call-held = The call was held
call-held-text = What you wrote is kept with the report of the call, and both sides read it.
call-held-button = Keep the answers
call-add = Add what else was said
call-add-text = The call has been reported. What you add is kept beside it, with your name.
call-how = When and how it was held
call-add-button = Keep it too
call-kept-flash = Kept with the report of the call.
call-open = What the record leaves open
call-open-none = Nothing is open.
call-doubts = Not clear to the receiving team
call-ask-text = What cannot wait for the call is asked in writing, and is answered where it is found again.
call-empty = No internal call in this process
call-empty-text = The playbook of this deal asks for none. Questions to the AE are asked and answered in writing.
agenda-about = Your own sheet, filled from the record. The customer gets the invitation, which holds only what is theirs.
agenda-when = When
agenda-who = Who is there for us
agenda-no-date = No date booked yet
agenda-span = { $from }–{ $to }
agenda-shut = { $n ->
    [one] Not confirmed: one thing is missing
   *[other] Not confirmed: { $n } things are missing
}
agenda-ready = Nothing is missing: it can be confirmed
agenda-confirm = Confirm the kickoff
agenda-gaps = What is missing, and who owes it
agenda-plan = The plan so far
agenda-empty = No agenda in this process
agenda-empty-text = The playbook of this deal lays out no kickoff.
agenda-see = See the kickoff agenda
rate-hint = Press r, then a figure. { $low } or less asks for a reason before it is saved.
rate-keys = Rate the handoff, 1 to 5
