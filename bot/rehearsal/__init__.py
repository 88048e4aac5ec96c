"""Practice before an event: questions are asked, replies are graded against the clauses."""
