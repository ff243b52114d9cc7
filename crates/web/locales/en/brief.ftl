# What a CSM opens before the kickoff: the account on one page, and the sheets beside it.
handoff-tab-brief = Brief
brief-sheets = Sheets
brief-sheet-brief = One page
brief-print = Print
brief-stamp = As of { $time }, version { $version } of the record
brief-glance-record = Record
brief-glance-missing = { $n ->
    [one] { $n } answer is missing
   *[other] { $n } answers are missing
}
brief-glance-promises = Promises
brief-glance-settled = None waits for anybody
brief-glance-waiting = { $n ->
    [one] { $n } waits for a decision or a talk
   *[other] { $n } wait for a decision or a talk
}
brief-glance-risks = Risks
brief-glance-none = None written down
brief-glance-mild = None of them severe
brief-glance-severe = { $n ->
    [one] { $n } would hurt much
   *[other] { $n } would hurt much
}
brief-glance-champion = Champion: { $name }
brief-glance-no-champion = No champion named
brief-more = { $n ->
    [one] And one more
   *[other] And { $n } more
}
brief-wants = Wants
brief-measured = Measured by
brief-softened = Softened by
brief-holes = Marked where each belongs.
brief-missing = Missing in the record
brief-none-by = None, says { $name }
brief-confirmed = Still right, says the customer
brief-corrected = Corrected by the customer
brief-influence = { $much } influence
brief-severity = { $much } severity
brief-open = What is open
brief-open-none = Nothing waits for anybody.
brief-next = What comes next
brief-asked-by = Asked by { $name }, { $ago }
brief-empty = Nothing to brief from yet
brief-empty-text = The brief writes itself from the record. As soon as the AE answers the first question, it stands here.
brief-empty-record = See the record
brief-before = Nobody has accepted it yet
brief-before-nobody = No CSM is nominated yet
brief-before-nominate = Nominate a CSM
brief-before-nominated = You are nominated
brief-before-offered = It is offered to you
brief-before-text = Whoever is nominated reads the record with its evidence, asks the AE and marks the scorecard; the offer follows.
brief-before-offered-text = Read the record, ask what it leaves open and mark the scorecard. Then accept it, or send it back with a reason.
brief-before-answer = Accept or send back
brief-closed = Closed until a CSM has accepted
brief-closed-text = What opens it, and who owes it.
brief-before-record = Record
brief-before-questions = Ask the AE
brief-before-scorecard = Scorecard
brief-closed-plan = Mutual success plan and everything else of customer success
brief-closed-kickoff = Kickoff: agenda and invitation to the customer
