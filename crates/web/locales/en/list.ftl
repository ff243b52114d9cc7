# Lists that are read in one direction.
list-first = Back to the start
list-next = Next page
list-search = Search
