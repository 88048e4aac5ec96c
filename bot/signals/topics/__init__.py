"""Messages about the same matter, and how hot it is."""
