"""Talking: understanding a question, answering from the library, channels."""
