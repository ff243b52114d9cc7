# Questions to the AE.
questions-ask = Ask the AE
questions-text = Your question
questions-hint = Asked here, it is answered once and found again; the AE stays available after the close.
questions-ask-button = Ask
questions-title = Questions
questions-empty = No questions
questions-empty-text = What the receiving team asks, and what the AE answers, is kept here: asked once, read by whoever comes after.
questions-open = Not answered yet
questions-answer = Your answer
questions-answer-button = Answer
questions-asked-flash = Asked. The AE has been told.
questions-answered-flash = Answered.
