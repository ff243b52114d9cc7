# The stakeholder map and what it says.
map-title = Stakeholder map
map-about = { $all ->
    [one] { $n } of { $all } person has a place: influence against how much they want it. The table below says the same.
   *[other] { $n } of { $all } people have a place: influence against how much they want it. The table below says the same.
}
map-axes-wide = Upwards: influence. To the right: how much they want it.
map-axes-narrow = To the right: influence. Upwards: how much they want it.
map-legend-plain = Person
map-legend-block = May block adoption
map-legend-win = Needs a win early
map-says = What it says
map-says-none = Nothing in it asks for attention.
map-says-block = { $names } may block adoption.
map-says-against = { $n ->
    [one] { $names } moves much inside and is not for it.
   *[other] { $names } move much inside and are not for it.
}
map-says-weak-champion = { $n ->
    [one] { $names } is the champion and moves little inside.
   *[other] { $names } are champions and move little inside.
}
map-says-no-backing = Nobody who moves much inside is known to be for it.
map-says-no-champion = No champion is named.
map-says-no-buyer = Nobody is named who holds the budget.
map-says-early-win = { $n ->
    [one] { $names } needs a win early.
   *[other] { $names } need a win early.
}
map-and-more = { $names } and { $n } more
map-unplaced = No place on the map yet
map-unplaced-text = Without influence and stance nobody knows whom to win first. Ask the AE, or fill it in.
map-table = Everybody, in a table
map-column-name = Name
map-column-parts = Part
map-column-influence = Influence
map-column-stance = Wants it
map-column-marks = To know
map-column-contact = How to reach them
map-unknown = Not known
map-empty = Nobody at the customer is named yet
map-empty-text = As soon as the AE names the champion, the map begins here.
map-add = Add a person
