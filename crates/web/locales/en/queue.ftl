# My queue.
queue-import = Import deals
queue-empty = Nothing waits for you
queue-empty-text = Handoffs show up here when a deal comes near its signature, when somebody offers you an account, or when something you owe comes due.
queue-see-deals = See all deals
queue-all = See all
queue-offers = Offers to answer
queue-offers-text = Review the record, then accept or send it back.
queue-assigned = Assigned to you
queue-assigned-text = Accepted; ownership moves with the introduction.
queue-nominated = You are nominated
queue-nominated-text = Read along, ask, meet the customer.
queue-owned = Your accounts
queue-owned-text = What is due first comes first.
queue-asked = Questions to you
queue-asked-text = The receiving team waits for your answer.
queue-owed = What you owe next
queue-owed-text = The first missing answer is yours.
queue-deals = Your deals
queue-deals-text = What is due first comes first.
queue-unanswered = Offers without an answer
queue-unanswered-text = A CSM was asked and has not answered.
queue-unnominated = Nobody is nominated
queue-unnominated-text = Name a CSM in time to meet the customer before the signature.
queue-waivers = Waivers to decide
queue-waivers-text = Somebody asked to let something wait.
queue-bypassed = Went past a gate
queue-bypassed-text = What is missing there is still owed.
queue-due = Due next
queue-due-text = The handoffs you can see, what is due first.
queue-commitments = { $n ->
    [one] A promise waits for a decision.
   *[other] { $n } promises wait for a decision.
}
queue-unmapped = { $n ->
    [one] One owner from the CRM is not mapped to a person here.
   *[other] { $n } owners from the CRM are not mapped to people here.
}
