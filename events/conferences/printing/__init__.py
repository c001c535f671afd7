"""Everything that is printed the day before: door list, rooms, table signs, badges, and all of it at once."""
