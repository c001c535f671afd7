"""The hall now: each table of the present and the next time, who sits there, who is missing, what was held."""
