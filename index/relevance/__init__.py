"""Which of the passages found is the best answer: one small linear model whose parts can be shown."""
