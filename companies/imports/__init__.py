"""The pages on which officers import organisations."""
