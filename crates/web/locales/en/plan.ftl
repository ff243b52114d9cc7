# The mutual success plan and the kickoff's agenda.
plan-title = Mutual success plan
plan-closed = The plan opens once a CSM has accepted. It starts from the playbook's milestones and is made together with the customer.
plan-opened = Opened { $time }.
plan-open = Open the plan
plan-unconfirmed = Not confirmed yet
plan-confirmed = { $how }, { $time }, recorded by { $name }
plan-changed-since = The plan changed since the customer confirmed it; it is confirmed anew.
plan-confirm = Record the customer's confirmation
plan-confirm-text = Signed, or its contents confirmed by mail. Say where it is found.
plan-how = How did they confirm it?
plan-when = When
plan-confirm-button = The customer confirmed it
plan-milestones = Milestones
plan-no-milestones = No milestones
plan-no-milestones-text = An empty plan cannot be confirmed: add what is reached, by whom, by when.
plan-milestone = What is reached
plan-side = Whose it is
plan-owner = Who owns it, by name
plan-due = Due
plan-reached = Reached on
plan-reached-on = Reached { $date }
plan-reached-button = Reached
plan-add = Add a milestone
plan-prerequisites = What the customer commits to
plan-prerequisites-text = Before the work starts. Say where they said so.
plan-not-committed = Not said yet
plan-committed = Committed, recorded by { $name }, { $time }
plan-commit = They committed to it
plan-commit-button = Save
plan-agenda = Kickoff agenda
plan-agenda-missing = { $n ->
    [one] One answer is missing
   *[other] { $n } answers are missing
}
plan-none = There are none
plan-opened-flash = The plan is open.
plan-saved-flash = Saved.
plan-removed-flash = Removed.
plan-reached-flash = Reached. Well done.
plan-confirmed-flash = Confirmed.
