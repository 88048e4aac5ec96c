"""Finding it: analysis, engines, building, ranking, evaluation."""
