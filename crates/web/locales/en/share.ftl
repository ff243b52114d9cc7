# Sharing out what somebody holds.
share-link = Share out among several
share-title = Share out { $name }’s handoffs
share-text = To one person or to several: look at what would move, handoff by handoff, then do it. What one handoff refuses keeps no other back.
share-whom = To whom, and how
share-to = Who takes over
share-to-hint = Each gets only what their roles allow.
share-to-by-mail = Their names or mail addresses, one a line.
share-how = How it is shared out
share-in-turn = One after the other
share-least-load = Always to who has the fewest open handoffs
share-narrow = Only some of it
share-roles = Only these jobs
share-stages = Only handoffs at these stages
share-segments = Only deals of these segments
share-segments-hint = Separated by commas; all when left empty.
share-plan = What would move
share-summary = { $n ->
    [0] No handoff of { $name } would move
    [one] One handoff of { $name } would move
   *[other] { $n } handoffs of { $name } would move
}{ $named ->
    [0] {""}
    [one] ; one waits for who is named to accept
   *[other] ; { $named } wait for who is named to accept
}{ $stay ->
    [0] .
    [one] ; one stays, with its reason.
   *[other] ; { $stay } stay, each with its reason.
}
share-col-jobs = As what
share-col-to = To
share-col-became = What came of it
share-stays = Stays
share-moved = Moved
share-named = Named; has to accept
share-by-rule = As the rule says
share-give = Who takes { $account }
share-more = { $n ->
    [one] One more is not shown.
   *[other] { $n } more are not shown.
}
share-confirm-text = Who is chosen in a row goes before the rule. Each handoff moves by itself, with the reason in its timeline. An accepted account goes over once who is named to follow has accepted.
share-button = Move them
share-changed = Nothing has moved: what was asked for is not what was shown
share-changed-text = The choice was changed after the plan was shown. This is what would move by the choice as it is now.
share-done = { $n ->
    [0] No handoff of { $name } was given on
    [one] One handoff of { $name } was given on
   *[other] { $n } handoffs of { $name } were given on
}{ $named ->
    [0] {""}
    [one] ; one waits for who is named to accept
   *[other] ; { $named } wait for who is named to accept
}{ $stay ->
    [0] .
    [one] ; one stays, with its reason.
   *[other] ; { $stay } stay, each with its reason.
}
share-left = { $n ->
    [one] One more can move.
   *[other] { $n } more can move.
}
share-go-on = Go on
share-back = Back to the person
share-result = What came of it
share-job-accountable = { $role }, accountable
share-job-along = { $role }, works along
share-job-nominated = nominated as CSM
share-job-csm = CSM; who follows has to accept
