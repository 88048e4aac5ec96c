"""After an event: what was asked and answered, what stays to be done, FAQ drafts, the record."""
