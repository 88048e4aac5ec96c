"""What a message is about, who answers it, and how urgent it is."""
