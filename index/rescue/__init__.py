"""Questions with slips: what was probably meant, judged by the words of the indexed passages."""
