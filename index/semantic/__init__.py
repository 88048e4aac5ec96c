"""Dense retrieval: texts to vectors, vectors on disk, exact nearest neighbours. Optional."""
