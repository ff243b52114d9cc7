# Letters.
mail-mine = Your messages
mail-mine-text = Everything Throughline has sent you.
mail-all-text = Everything this demo company was sent. No mail server is involved.
mail-letters = Messages
mail-none = Nothing was sent yet
mail-none-mine = No letters for you yet
mail-none-mine-text = Whatever you are told of your handoffs stands here: offers, refusals, questions, what comes due.
mail-none-wishes = Choose what is mailed to you
mail-none-text = Offers, refusals, questions and introductions show up here as they happen.
mail-outside = Somebody outside
mail-follow = Open in Throughline
