"""Grading a spoken reply against the facts of the clause: what it states, misses, gets wrong or promises."""
