# Import.
import-intro = Bring deals from a CRM’s export. The file is checked first; nothing is written before you say so.
import-last = { $name } is still here.
import-continue = Go on with it
import-file = File
import-file-hint = CSV as your CRM writes it, with its header line. Up to { $mb } MB.
import-a-file = Uploaded file
import-go-live = Go-live date
import-go-live-hint = What closed before this day is history: measured, never owed.
import-upload = Upload and check
import-nothing-written = Checking writes nothing.
import-how = Where the file comes from
import-how-salesforce = A report of opportunities with “Opportunity ID”, exported as details only, CSV.
import-how-hubspot = Deals, Export, CSV, with all properties.
import-how-other-title = Another CRM
import-how-other = Any CSV with an id and a name for each deal. You say which column is what.
import-no-file = choose a file; this one is empty
import-too-large = The file is larger than { $mb } MB. Export it in parts, by year or by owner.
import-broken-upload = The upload broke off. Please choose the file again.
import-at-line = Line { $line }: { $why }
import-busy = Your last file is still being imported. Wait until it is done.
import-full = Others are importing large files right now. Try again in a few minutes.

# One file.
import-found = What was found
import-recognised = Recognised
import-recognised-as = { $system }, { $object } ({ $sure })
import-system-other = another system
import-object-deal = deals
import-object-account = accounts or companies
import-object-contact = contacts
import-object-lead = leads
import-object-activity = tasks or other activities
import-object-ticket = tickets or cases
import-object-line-item = products on deals
import-object-history = past stages of deals
import-object-link = links between records
import-object-user = users of the CRM
import-object-definition = definitions of pipelines or properties
import-object-unknown = something unknown
import-delimiter-comma = commas
import-delimiter-semicolon = semicolons
import-delimiter-tab = tabs
import-delimiter-pipe = pipes
import-guess = a guess
import-likely = likely
import-certain = certain
import-format = Format
import-csv = CSV, parted by { $delimiter }
import-json = JSON
import-encoding = Encoding
import-header-line = Header line
import-rows = Deals
import-told-by = Told by: { $columns }
import-options = How to read it
import-source = Known as
import-source-hint = The name of the system these deals come from. Blank: { $source }. The same deal is found again by it.
import-currency = Currency
import-currency-hint = For amounts that name none, such as EUR.
import-day-order = Dates such as 02/03/2026
import-as-file = Not chosen: as the file itself tells.
import-day-first = Day first
import-month-first = Month first
import-decimal = Amounts such as 1,124
import-decimal-point = Point before cents: 1,124.50
import-decimal-comma = Comma before cents: 1.124,50
import-no-such-choice = cannot be chosen here
import-mapping = Columns
import-mapping-text = What each column is taken for. All others are kept under their own names.
import-keep-column = Keep as it is
import-field-twice = { $field } can come from one column only, not from { $columns }
import-stages = Stages
import-stages-text = What a stage means for the deal. Change it where the name misleads.
import-stage-reads = As it reads: { $outcome }
import-stage-unclear = Not clear: choose
import-outcome-open = open
import-outcome-won = won
import-outcome-lost = lost
import-check-again = Check again
import-check-first = Check the file first.
import-forget = Put away
import-another = Import another file

# On the way, and done.
import-checking = Checking. Nothing is written.
import-importing = Importing.
import-progress = Progress
import-progress-of = { $done } of { $of } rows
import-reload = Look again
import-failed-on-the-way = Deals taken before it stay; importing again goes on from there.
import-again = Import again
import-would = What would happen
import-did = Imported
import-history-before = What closed before { $date } is history.
import-notes = { $n ->
    [one] One remark on the file
   *[other] { $n } remarks on the file
}
import-run = { $n ->
    [one] Import one deal
   *[other] Import { $n } deals
}
import-run-without = { $n ->
    [one] One refused row stays out.
   *[other] { $n } refused rows stay out.
}
import-see-deals = See the deals
import-count-read = In the file
import-count-opened = Records opened
import-count-changed = Changed
import-count-kept = Kept until they open
import-count-history = History
import-count-unchanged = Nothing new
import-count-older = Older than known
import-count-scope = Out of scope
import-count-refused = Refused
import-refused-n = { $n ->
    [one] One refused row
   *[other] { $n } refused rows
}
import-refused-text = Download them with their reasons, mend them, and import that file. What was taken already changes nothing a second time.
import-refused-more = The first are shown; all are in the file.
import-rejects = Download refused rows
import-line = Line
import-column = Column
import-value = Value
import-reason = Why, and what to do
import-whole-row = whole row
import-owners = Owners nobody here knows
import-owners-text = Until they are mapped to somebody, the process owner answers for their deals.
import-owners-map = Map to people

# Fields of a deal.
import-field-id = Deal id
import-field-name = Deal name
import-field-account = Customer
import-field-account-id = Customer id
import-field-stage = Stage
import-field-status = Open, won or lost
import-field-won = Is won
import-field-lost = Is lost
import-field-closed = Is closed
import-field-deleted = Is deleted
import-field-amount = Amount
import-field-currency = Currency
import-field-arr = ARR
import-field-probability = Probability
import-field-close = Close date
import-field-created = Created
import-field-modified = Last changed
import-field-signed = Signed
import-field-closed-at = Entered its won stage
import-field-type = Type
import-field-lead-source = Lead source
import-field-owner-id = Owner’s id
import-field-owner = Owner
import-field-owner-mail = Owner’s mail address
import-field-segment = Segment
import-field-partner = Partner
import-field-plan = Plan
import-field-competitor = Competitor
import-field-renewal = Renewal date
import-field-csm-id = CSM’s id
import-field-csm = CSM
import-field-csm-mail = CSM’s mail address
import-field-current = Is the current version
