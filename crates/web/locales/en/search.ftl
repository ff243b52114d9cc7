# Search, and the command palette.
search-title = Search
search-label = Deals, customers and people
search-hint = Words as they begin: “nord ren” finds Nordwind, renewal. Upper and lower case are the same.
search-deals = Deals
search-customers = Customers
search-people = People
search-all = See all
search-everything = Everything
search-none = Nothing is called “{ $q }”
search-none-text = Every word you type must begin a word of the name: of the customer, the deal or the person. Try fewer letters, or look through all deals.
search-none-yet = None on this page; the next page looks on.
search-empty = Find a deal, a customer or a person
search-empty-text = Type how a name begins. You find what you may read: your own deals, your team’s, or the whole company’s. With Ctrl K (⌘K on a Mac) you search from any page, and do what the page offers.
search-see-deals = See all deals
search-customer-deals = Deals of { $name }

palette-open = Search or do something
palette-open-short = Search
palette-title = Search and commands
palette-label = Search, go somewhere, or do something here
palette-list = What was found
palette-here = On this page
palette-go = Go to
palette-you = For you
palette-more = Search everything for “{ $q }”
palette-count = Results: { $n }
palette-none = Nothing found
palette-failed = The search did not answer. Enter tries the search page.
palette-move = choose
palette-run = open
palette-leave = close
# As they stand on the keyboard.
key-ctrl = Ctrl
key-enter = Enter
key-esc = Esc
