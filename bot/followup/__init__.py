"""After an event: what was asked and answered, what stays to be done, what becomes a FAQ draft."""
