"""Where the meetings are held: rooms with a plan, tables, interpreters."""
