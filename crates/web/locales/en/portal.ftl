# The customer's portal. Who reads this works elsewhere: no word of ours that they need not know.
portal-leave = Sign out
portal-left = You are signed out.
portal-foot = Only people who were invited by name can open this.
portal-zone = Times are those of { $zone }.

# The way in.
portal-ask-title = Open your plan
portal-ask-text = Type your mail address. We send you a link that opens the plan; there is no password.
portal-ask-email = Your work mail address
portal-ask-button = Send me a link
portal-ask-no-address = This is not a mail address. It looks like name@company.com.
portal-ask-wait = Too many links were asked for. Try again in { $n ->
    [one] a minute
   *[other] { $n } minutes
}.
portal-ask-here = Open the link in this browser. In another one we ask for a code, too.
portal-sent-title = Look at your mail
portal-sent-text = If this address was invited, a link is on its way. It works once, for ten minutes.
portal-sent-browser = Open it in this browser, on this device.
portal-sent-nothing = Nothing there after a few minutes? Look in the spam folder, check the address, or ask whoever invited you.
portal-sent-again = Ask again
portal-enter-title = Hello { $name }
portal-enter-text = This opens your plan with { $company }.
portal-enter-button = Open the plan
portal-enter-other = You asked for this link in another browser. When you go on, we mail a six-digit code to the same address.
portal-enter-other-button = Mail me a code
portal-code-title = Type the code
portal-code-text = We mailed six digits to the address the link was sent to.
portal-code = Six-digit code
portal-code-hint = Works for { $n } minutes and can be tried { $tries } times.
portal-code-button = Open the plan
portal-code-wrong = This is another code. Look at the newest mail.
portal-over-title = This link is over
portal-over-text = A link and a code work once, and for ten minutes. Ask for a fresh one; it takes a moment.
portal-over-button = Ask for a fresh link
portal-lost-title = This cannot be shown
portal-lost-text = There is nothing of yours at this address.
portal-lost-again = Something went wrong on our side. Nothing was changed; try again in a moment.
portal-lost-forbidden = This is not yours to do. Whoever looks after your account can let you.
portal-lost-wait = That was too much at once. Wait a little, then try again.
portal-lost-large = That is too much at once. Send less, or a smaller file.
portal-lost-late = This took too long. It may have been done all the same: look at your plan before you send it again.
portal-lost-request = This could not be read. Nothing was changed; go back to the page, and send it from there.
portal-lost-button = To your plan
portal-nothing-title = Nothing to see yet
portal-nothing-text = There is no plan of yours that is under way. As soon as somebody looks after your account, it is here.

# The page.
portal-hello = Hello { $name }
portal-title = Your success plan
portal-about = { $account } and { $company }
portal-plans = Your plans
portal-plan-since = Since { $date }
portal-needs = What we need from you
portal-needs-none = Nothing right now. Thank you.
portal-needs-none-text = Whatever comes up is listed here.
portal-needs-more = { $n ->
    [one] And one more
   *[other] And { $n } more
}
portal-need-goal = Is this goal still right?
portal-need-prerequisite = Can you commit to this?
portal-need-owner = Who owns this on your side?
portal-need-signature = Sign the plan
portal-need-signature-what = Read it once more and sign with your name
portal-need-do = Answer
portal-need-name = Name somebody
portal-contact = Who is answerable for your account
portal-contact-csm = Looks after the plan with you
portal-role-csm = Customer success manager
portal-role-ae = Account executive
portal-role-rev-ops = Responsible for the process
portal-next = What happens next
portal-next-none = No date is set yet.
portal-next-meeting = { $from } to { $to }
portal-next-late = Overdue: { $who }
portal-next-yours = On your side
portal-goals = What success means to you
portal-goals-text = In your own words. Say whether it is still right, or what is right now.
portal-goals-none = No goal is written down yet. Say below what you want to reach.
portal-goal-measure = Measured by
portal-goal-by = By
portal-goal-answered = You answered { $time }
portal-goal-right = Still right
portal-goal-change = Something changed
portal-goal-other = What is right now
portal-goal-other-button = Correct it
portal-goal-right-done = Thank you, noted.
portal-goal-other-done = Corrected. Everybody who works with you reads your new words.
portal-plan = The plan
portal-plan-none = The plan opens soon. You will make it together with whoever looks after your account.
portal-plan-reached = { $done } of { $all } reached
portal-plan-fold-reached = { $n ->
    [one] One was reached
   *[other] { $n } were reached
}
portal-plan-fold-later = { $n ->
    [one] And one later
   *[other] And { $n } later
}
portal-plan-empty = No milestone yet. Propose the first one.
portal-side-you = You
portal-side-partner = A partner
portal-milestone-title = What is reached
portal-milestone-side = Whose it is
portal-milestone-owner = Who owns it, by name
portal-milestone-due = By when
portal-due = By { $date }
portal-overdue = Overdue
portal-reached = Reached { $date }
portal-more = Update or comment
portal-more-count = { $n ->
    [one] One comment
   *[other] { $n } comments
}
portal-own-who = Who owns it on your side
portal-own-button = Save
portal-own-done = Saved.
portal-done-on = Reached on
portal-done-button = It is reached
portal-done = Reached. Well done.
portal-undo = Not reached after all
portal-undone = It counts as not reached again.
portal-propose = Propose a milestone
portal-propose-text = It is in the plan as soon as { $company } accepts it. You are told by mail.
portal-propose-change = Propose a change
portal-propose-button = Propose
portal-propose-done = Proposed. You are told by mail as soon as it is answered.
portal-proposals = What you proposed
portal-proposal-open = Waits for an answer
portal-proposal-accepted = Accepted
portal-proposal-declined = Declined
portal-proposal-new = { $name }, { $time }
portal-proposal-change = Instead of “{ $title }”, { $name }, { $time }
portal-commits = Before the work starts
portal-commits-text = What it needs on your side. Say that it is there, or that you see to it.
portal-commit-button = We commit to it
portal-commit-done = Thank you. That is agreed.
portal-committed = Agreed { $time }
portal-conversation = Conversation
portal-conversation-none = Questions and remarks on the whole plan. Both sides read them.
portal-say-plan = Your comment on the plan
portal-say-here = Your comment
portal-say-button = Comment
portal-say-done = Said. Whoever is answerable for your account hears of it.
portal-somebody = Somebody of yours

# Agreement.
portal-signed = Signed
portal-signed-by = By { $name }, { $time }.
portal-confirmed = Confirmed
portal-confirmed-on = By mail, { $time }.
portal-unsigned = Not signed yet
portal-unsigned-empty = There is nothing to sign before the first milestone.
portal-unsigned-yours = Read it once more and sign with your name.
portal-unsigned-others = Whoever signs for you is named by { $company }.
portal-sign-open = Read and sign
portal-sign-title = Sign the plan
portal-sign-text = This is what you sign: { $n ->
    [one] one milestone
   *[other] { $n } milestones
}, whose they are, and by when.
portal-sign-back = Back to the plan
portal-sign-agree = What you agree to
portal-sign-code-text = To show that it is you, we mail a six-digit code to { $mailbox }.
portal-sign-code-button = Mail me a code
portal-sign-code-again = Mail me another code
portal-sign-code-over = This code is over. Ask for another one.
portal-sign-name = Your full name
portal-sign-name-hint = Your typed name is your signature.
portal-sign-button = Sign the plan
portal-sign-done = Signed. Thank you.
portal-sign-may-not = You may not sign for { $account }. Whoever looks after your account can give you the right to.
portal-none = Not set
portal-file-of = What { $name } signed, to keep
portal-file-earlier = What { $name } signed on { $date }, before the plan was changed
portal-file-plan = The plan
portal-file-seal = Its seal
portal-file-check = How to check it
portal-file-check-text = The seal shows that nobody changed the plan since it was signed. Whoever checks it needs this key; ask { $company } whether it is theirs.

# Refused.
portal-gone = This is not in the plan any more. Below is the plan as it stands now.
portal-changed = The plan has changed since you read it. Below is the plan as it stands now.
portal-not-yours = This is not on your side. Comment on it, or propose a change.
portal-too-often = You have asked for many codes. Try again in an hour.
