"""The report of a conference: every figure with the rows behind it, for the City and for foreign partners."""
