"""The public face of the directory: what it is narrowed by, suggestions, the picture of the city, products."""
