"""Text to comparable vectors: language, tokens, translation, similarity."""
