"""What the bureau has published: documents, clauses, facts, FAQ, offices, and their validity."""
