"""Search engines behind one small interface (:mod:`index.engines.base`)."""
