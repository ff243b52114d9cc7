# The board, and what it shares with the list: filters, lateness, credit.
nav-board = Board
board-late = Late
board-soon = Due soon
board-later = Later, or nothing due
board-in-time = In time
board-never = Nothing due
board-n-late = { $n } late
board-n-soon = { $n } soon
board-as-columns = Columns
board-as-table = Table
board-as-board = As a board
board-shape = Shown as
board-more = Show more ({ $n } left)
board-all-in-list = All { $n } in the list
board-none = Nothing here
board-none-found = Nothing here fits the filters
board-no-csm = No CSM yet
board-people = AE and CSM
board-arr = ARR
board-keys = From card to card on the board
board-filters = Filters
board-more-filters = More filters
board-n-filters = { $n ->
    [one] One filter
   *[other] { $n } filters
}
board-lateness = Due
board-team = Team
board-my-team = My team
board-me = Me
board-segment = Segment
board-source = Lead source
board-credit = Credit
board-credit-open = Not asked for
board-credit-refused = Refused
board-credit-released = Released
board-credit-waived = Released with a waiver
board-credit-bypassed = Given without asking
board-credit-is = Credit: { $state }
board-kickoff = Kickoff
board-kickoff-ahead = Still ahead
board-kickoff-held = Held
board-refused = A gate refused
board-is-refused = Gate refused
board-waivers = A waiver waits
board-questions = A question is open
board-asked = { $n ->
    [one] One deal has questions for you
   *[other] { $n } deals have questions for you
}
