"""A language model may shorten a composed answer; code decides whether a citizen reads the result."""
