# The sample.
sample-title = Sample company
sample-text = Try everything with a made-up company first: eleven deals, each at another point of the process, and the people who work on them.
sample-safe = It stands beside your data and never in it: not in your lists, figures or imports. Nobody can sign in there, and no mail leaves it. One press takes it away.
sample-add = Add the sample
sample-added = The sample company is here. Choose whom to look at it as.
sample-there = { $name } is here to try things out with.
sample-look = Look at it
sample-look-as = Look as
sample-here = You are here
sample-walks = with a guided walk
sample-whom = { $name }: whom do you look as?
sample-page-text = You see and do what they may, on made-up deals. Your own data stay as they are; come back whenever you like.
sample-none = There is no sample here
sample-none-text = A made-up company to try things out with, beside your own data. An admin or RevOps adds it, and takes it away again.
sample-back = Back to my company
sample-remove = Remove
sample-remove-title = Remove the sample
sample-remove-text = { $name } goes, with everything anybody did in it:
sample-remove-keeps = Nothing of yours is touched. A line in the audit log says that it was here.
sample-remove-go = Remove all of it
sample-keep = Keep it
sample-removed = The sample is gone, with { $n ->
    [one] its one deal.
   *[other] its { $n } deals.
}
sample-deals = { $n ->
    [one] one deal
   *[other] { $n } deals
}
sample-people = { $n ->
    [one] one person
   *[other] { $n } people
}
sample-facts = { $n ->
    [one] one entry in their journals
   *[other] { $n } entries in their journals
}
sample-label = Sample company
sample-banner = Sample: nothing here is real, and nothing leaves it. You look as { $name }.
sample-switch = Look as somebody else
sample-home = Back to { $name }
sample-log-add = Added the sample company
sample-log-remove = Removed the sample company, with { $n ->
    [one] its one deal
   *[other] its { $n } deals
}
sample-log-look = Began to look at the sample company
sample-log-back = Came back from the sample company
