"""From a message to an answer: understand, retrieve, decide, compose, guard."""
