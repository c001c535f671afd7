"""The page on which officers state how long titles hold."""
