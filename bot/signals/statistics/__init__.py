"""The figures that the bureau reports each year, each linked to its source row."""
