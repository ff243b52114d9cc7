# The week.
week-overview = Overview
week-span = { $from } to { $until }
week-late = Late now
week-late-deals = { $n ->
    [one] Late now on one deal
   *[other] Late now on { $n } deals
}
week-late-text = Open past their due time, the longest first. Each waits for somebody.
week-late-none = Nothing is late.
week-told = Who was told
week-told-text = Reminders to whoever owes something, and what went up the ladder, in the last seven days.
week-told-none = Nobody had to be told of anything in the last seven days.
week-coming = Due next
week-coming-text = Open, and due within seven days.
week-coming-none = Nothing is due within seven days.
week-done = Done this week
week-done-text = Done within the last seven days, in time or not.
week-done-none = Nothing with a due time was done in the last seven days.
week-team = Team
week-person = Person
week-playbook = Playbook
week-stands-in = { $name } stands in until { $until }
week-nobody-stands-in = Away until { $until }, nobody stands in
week-col-what = What, and why then
week-col-waits = Waits for
week-col-due = Due
week-col-told = Told
week-col-done = Done
week-col-when = When
week-col-who = Who was told
week-after = { $span } after
week-reminded = Reminded
week-rung-owner = Overdue
week-rung-manager = Manager
week-rung-process-owner = Process owner
week-more-people = and { $n } more
week-no-letter = On its way
week-letter-read = read { $time }
week-letter-waits = mailed { $time }
week-not-told = Nobody yet
week-reminded-at = Reminded { $time }
week-escalated = Reminded { $time }; { $n ->
    [one] one more told
   *[other] { $n } more told
} since
week-still-open = Due { $due }; waits for { $who }
week-settled = Was due { $due }; settled since
week-why-decision = to be decided within { $span } after it was routed
week-why-waiver = until the waiver ends
week-why-from = { $rule } ({ $from })
week-why-days-off = not counted: { $n ->
    [one] the holiday { $days }
   *[other] the holidays { $days }
}
week-why-zone = { $zone } calendar
