# The guided walk through the made-up company.
walk-count = { $at } of { $all }:
walk-go = Take me there
walk-skip = Skip
walk-hide = Hide
walk-all = All steps
walk-done = Done:
walk-left-out = Skipped:
walk-anew = Show skipped steps again
walk-open = Guided walk
walk-end-all = You have done all { $all } steps. Sign in as somebody else to see the other side.
walk-end-some = { $done } of { $all } done, the rest skipped. All steps are below whenever you want them.
walk-part-ae = Your walk as the AE
walk-part-csm = Your walk as the CSM
walk-part-se = Your walk as the SE
walk-part-deal-desk = Your walk at the deal desk
walk-part-product = Your walk for product
walk-part-process-owner = Your walk as the process owner
walk-part-cs-leader = Your walk as the CS leader
walk-part-ae-manager = Your walk as the AE manager
walk-part-sales-leader = Your walk as the sales leader
walk-part-customer = Your walk as the customer

# The AE.
walk-name-sponsor = name the executive who stands behind { $account }.
walk-note-risks = write down what could derail { $account }, or say that nothing could.
walk-say-why-us = say why { $account } chose you.
walk-pass-gate = ask the handoff gate for { $account } again. Nothing is missing now, so it opens.
walk-offer = offer { $account } to the CSM.

# The CSM.
walk-be-offered = { $account } comes to you once its AE offers it. Sign in as the AE, or come back later.
walk-mark-scorecard = read { $account } and mark the four categories: clear, partial or unclear.
walk-ask-ae = ask the AE what you would otherwise ask the customer of { $account } twice.
walk-accept = accept { $account }, or send it back with a reason.
walk-plan-call = plan the internal call about { $account }.

# The SE.
walk-name-integrations = say which tools of { $account } it must work with, or that there are none.
walk-note-data-moves = say which data of { $account } must move, or that none must.
walk-say-constraints = say which technical rules of { $account } we must keep to.

# Deal desk.
walk-approve-promise = approve a promise made to { $account }.
walk-counter-promise = counter another: say what stands instead.
walk-decline-promise = decline one. The AE has to tell { $account }, and the gate waits for that.
walk-leave-none-waiting = leave no promise to { $account } waiting for you.

# Product.
walk-approve-feature = approve what { $account } was promised the product will do.
walk-counter-feature = counter another: say what { $account } can have instead, and when.
walk-decline-feature = decline what { $account } was promised and will not get. The AE has to tell them.
walk-settle-feature = say how the promise to { $account } ended: kept, late or broken.

# Who owns the process, who leads.
walk-answer-question = answer the CSM’s question about { $account } in the AE’s place.
walk-ask-gate = ask the handoff gate for { $account }, and read who owes what.
walk-seat-engineer = put an SE on { $account }.
walk-decide-waiver = decide the waiver somebody asked for at { $account }.
walk-ask-waiver = ask for a waiver of one thing { $account } cannot tell before it signs.
walk-name-next-ae = name another AE for { $account }. It is theirs once they accept.
walk-nominate = nominate a CSM for { $account }.
walk-plan-introduction = plan the first meeting of the CSM with { $account }.

# The customer.
walk-confirm-goals = say whether what success means to { $account } is still right, goal by goal.
walk-comment-plan = say something to the plan.
walk-propose-milestone = propose a milestone of your own.
walk-sign-plan = sign the plan with your name and a code from your mail.
