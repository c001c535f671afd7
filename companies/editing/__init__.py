"""The pages on which organisations are edited."""
