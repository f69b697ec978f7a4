"""Finding projects by words: an index kept by a listener, rebuilt at will."""
