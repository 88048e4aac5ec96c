"""Files of messages (work orders, mailbox, comments) as rows with their places."""
