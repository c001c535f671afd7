"""Pages on which officers find, compare, merge and part records of one organisation."""
