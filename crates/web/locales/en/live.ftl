# Pages that hear of changes made elsewhere.
live-by = { $name } has changed this deal.
live-own = You have changed this deal in another window.
live-plain = This deal has changed.
live-queue = There is something new in your queue.
live-show = Show it
