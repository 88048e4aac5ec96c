"""Measurements of quality and speed: ``python -m benchmarks`` (see :mod:`benchmarks.__main__`)."""
