# Settings.
settings-tab-me = You
settings-tab-organisation = Organisation
settings-tab-tokens = API tokens
settings-tab-audit = Audit log
settings-saved = Saved.
settings-changed-meanwhile = Somebody else saved while you were editing. What you typed is below and not saved yet; save again to keep it.
settings-now = { $field }: saved now is “{ $value }”.
settings-you = You
settings-you-text = Name, mail address and roles are changed under People by somebody who may.
settings-reading = How you read
settings-my-zone = Time zone
settings-my-zone-hint = Such as Europe/Berlin. Blank takes the organisation’s; now { $zone }.
settings-language = Language
settings-language-set = Set language
settings-language-en = English
settings-sessions = Where you are signed in
settings-session-since = since
settings-session-seen = used { $when }
settings-session-here = This one
settings-session-end = Sign out there
settings-session-ended = That session has ended.
settings-session-unknown = Unknown browser

# The organisation.
settings-process = Process
settings-name = Name of the organisation
settings-mode = How far gates enforce
settings-mode-hint = Systems that ask a gate are told whether to block. Reports of what happened are always recorded.
settings-mode-observe = Observe
settings-mode-observe-text = Nothing is blocked. What would have been refused is marked, so that you can see what enforcing would mean.
settings-mode-ownership = Block ownership
settings-mode-ownership-text = Signing and closing are never blocked. Assigning a CSM, CS artefacts, kickoff, credit and done are.
settings-mode-close = Block close
settings-mode-close-text = A deal is not closed-won before its record is complete. Everything after it is blocked, too.
settings-go-live = Go-live date
settings-go-live-hint = What closed before is history: measured, never owed.
settings-playbook = Playbook
settings-playbook-hint = New handoffs start with its newest version; running ones keep theirs.
settings-owner = Process owner
settings-owner-hint = Answers for deals whose owner nobody here knows.
settings-not-yours = An admin or RevOps can change these. The organisation’s name on the command line is { $slug }.
settings-calendar = Calendar
settings-calendar-text = Every due time is worked out by it: business days, working hours, holidays.
settings-calendar-save = Save calendar
settings-zone = Time zone
settings-zone-hint = Such as Europe/Berlin or America/New_York.
settings-weekend = Days off every week
settings-weekend-hint = At least one day must be left to work on.
settings-no-weekday = a weekday is a number from 1 to 7
settings-hours = Working hours
settings-hours-start = Work starts
settings-hours-end = Work ends
settings-hours-hint = Both blank: nothing can be due in business hours.
settings-hours-both = fill in both, or neither
settings-holidays = Holidays
settings-holidays-hint = One date a line, such as 2026-12-25.
settings-holiday-line = Line { $line }: { $reason }
settings-days = Days off from elsewhere
settings-days-text = What is found goes into the calendar’s form; nothing is saved before you save it.
settings-days-country = Country
settings-days-country-hint = National days only. For regions and other countries, take a calendar file.
settings-days-country-take = Add national days
settings-days-file = Calendar file
settings-days-file-hint = An .ics file with whole-day entries, up to { $mb } MB.
settings-days-file-take = Add the file’s days
settings-days-no-file = choose a file
settings-days-large = the file is larger than { $mb } MB
settings-days-broken = the file did not arrive whole; send it again
settings-days-found = { $n ->
    [one] One day off found
   *[other] { $n } days off found
  }, { $new } of them new. Look them over, then save the calendar.
settings-days-skipped = { $n ->
    [one] One entry is no whole day off: { $first }.
   *[other] { $n } entries are no whole days off, the first: { $first }.
  }
settings-monday = Monday
settings-tuesday = Tuesday
settings-wednesday = Wednesday
settings-thursday = Thursday
settings-friday = Friday
settings-saturday = Saturday
settings-sunday = Sunday

# API tokens.
settings-tokens-intro = For your CRM, imports and reports. A token has a role, and may be narrowed to less.
settings-no-tokens = No tokens yet
settings-no-tokens-text = Make one for the system that asks the gates, and another for whatever sends deals.
settings-token-new = New token
settings-token-name = Name
settings-token-name-hint = What it is for, such as “Salesforce gate check”.
settings-token-role = Role
settings-token-scope = Reach
settings-token-scope-hint = A program has no handoffs of its own; it usually needs all.
settings-token-may = May
settings-token-all = Everything the role may
settings-token-since = Made
settings-token-narrow = Narrow it to some actions
settings-token-actions = Only these actions
settings-token-actions-hint = Nothing ticked: everything the role may.
settings-token-beyond = { $role } may not: { $actions }
settings-token-make = Make token
settings-token-made = Token for { $name }
settings-token-secret = Secret
settings-token-once = The secret is shown only now. Keep it where programs keep secrets; a lost one is revoked and made anew.
settings-token-revoke = Revoke
settings-token-revoked = The token no longer works.
settings-token-revoked-at = Revoked { $when }

# The audit log.
settings-audit-intro = Who changed people, settings, playbooks and tokens. What happens in a handoff is in its own timeline.
settings-audit-what = What
settings-audit-who = Who
settings-audit-when = When
settings-audit-row = row { $n }
settings-audit-all = Show routine too
settings-audit-less = Leave routine out
settings-audit-token = Token { $name }
settings-audit-customer = Somebody at the customer
settings-audit-system = Throughline itself
settings-audit-none = Nothing yet
settings-audit-none-text = Changes of people, settings, playbooks and tokens will be listed.
settings-log-sign-in = Signed in
settings-log-sign-out = Signed out
settings-log-use-session = Went on in an open session
settings-log-end-session = Ended one of their sessions
settings-log-set-zone = Changed their time zone
settings-log-set-password = { $name } chose a password
settings-log-reset-password = Made a link for { $name } to choose a new password
settings-log-invite = Invited { $name }
settings-log-change-person = Changed { $name }: name, mail address, roles or team
settings-log-add-owner = Met { $name } as an owner in the CRM
settings-log-set-up = { $name } set the installation up
settings-log-map-person = Said that { $name } from the CRM is { $other }
settings-log-left = { $name } left
settings-log-left-to = { $name } left; { $other } took over
settings-log-team = Made or changed the team { $name }
settings-log-team-calendar = Changed the calendar of team { $name }
settings-log-create-org = Made the organisation { $name }
settings-log-change-settings = Changed the settings of the organisation
settings-log-setup-link = Made a link to set the installation up
settings-log-create-token = Made the token { $name }
settings-log-revoke-token = Revoked the token { $name }
settings-log-publish = Published the playbook { $name }, version { $version }
settings-log-import = Imported deals of { $name }
settings-log-keep-deal = Kept the deal { $name }, which takes no handoff yet
settings-log-add-account = Met an account in the CRM
settings-log-no-record = Asked for a gate for { $name }, which has no record
settings-log-erase = Erased texts from a handoff
settings-log-deliver = Delivered a message
settings-log-remember = Kept an answer, should the same request come again
settings-log-grant-portal = Let somebody at a customer into the portal
settings-log-revoke-portal = Let somebody at a customer into the portal no more
settings-log-ask-portal-key = Asked for a link or a code to the portal
settings-log-hand-portal-key = Mailed a link or a code to the portal
settings-log-try-portal-code = Typed in a code
settings-log-enter-portal = Came into the portal
settings-log-use-portal-session = Went on in the portal
settings-log-leave-portal = Left the portal
settings-log-use-signing-code = Used a code to sign
settings-log-tidy = Cleared away what has run out
settings-log-change-portal = Changed what somebody at the customer may do
settings-log-ask-plan = Asked the customer by mail to confirm the plan
settings-log-take-back = Took a mail back before it left
settings-log-await-answer = Noted whose answer by mail is waited for
settings-log-mailed = Mailed { $name }
settings-log-send-mail = Handed a mail over
settings-log-lay-mail = Wrote a mail that is to leave
settings-log-receive-mail = Took in a mail
settings-log-read-mail = Read a mail
settings-log-absent = Noted that { $name } is away
settings-log-back = Noted that { $name } is there again
settings-log-save-view = Saved a view of the deals
settings-log-change-view = Changed a saved view
settings-log-remove-view = Removed a saved view
settings-log-choose-view = Chose the view to begin with
settings-log-edit-playbook = Changed the draft of the playbook { $name }
settings-log-drop-draft = Dropped the draft of the playbook { $name }
settings-verify = Check the journals
settings-verify-whole = { $handoffs ->
    [one] One handoff checked, { $facts } facts: every chain is whole.
   *[other] { $handoffs } handoffs checked, { $facts } facts: every chain is whole.
}
settings-verify-broken = { $n ->
    [one] One chain is broken, of { $handoffs } handoffs checked.
   *[other] { $n } chains are broken, of { $handoffs } handoffs checked.
}
settings-verify-gone = { $n ->
    [one] One handoff that was kept here is gone, with all its facts.
   *[other] { $n } handoffs that were kept here are gone, with all their facts.
}
settings-verify-missing = { $n ->
    [one] One fact that was kept here is in no handoff any more.
   *[other] { $n } facts that were kept here are in no handoff any more.
}
settings-verify-missing-text = A handoff is gone, or was put back to an older state together with its journal. A backup from before tells which.
settings-verify-more = Check the next ones
settings-verify-all = That was all of them.
settings-session-on = { $browser } on { $system }
