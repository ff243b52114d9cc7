# Parts that several pages share.
page-crumbs = You are here
page-views = Views
page-pages = Pages
page-newer = Newer
page-older = Older
list-join = { $a }, { $b }
list-last = { $a } and { $b }

# The meter and gaps.
meter-label = Completeness
meter-of = { $done } of { $all }
meter-next = Next: { $name }
gap-fill = Fill in
gap-mark = Mark it
gap-see = Open
track-next = next gate: { $gate }
track-label = Where this handoff stands
rating-of = { $score } of 5

# Forms.
field-filled-from = from { $system }
field-choose = Choose…
save = Save
save-saving = Saving…
save-saved = Saved { $time }
save-failed = Not saved yet. Your text is still here and is sent again.
save-again = Try again now
save-conflict = Not saved: it was changed meanwhile. Please choose.
save-refused = Not saved: please check what is marked.
save-signed-out = Not saved: you are signed out. Your text is still here; sign in in another tab, then try again.
conflict-title = { $field } was changed while you were typing
conflict-text = Nothing is lost. Choose which answer stays; the other one is kept in the history.
conflict-mine = Typed here
conflict-keep-mine = Keep what I typed here
conflict-take-theirs = Take the other
