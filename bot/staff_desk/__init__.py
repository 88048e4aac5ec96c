"""Staff functions as commands in a conversation: for a messenger and for a prompt in the terminal."""
