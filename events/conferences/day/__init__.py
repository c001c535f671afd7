"""The day of a conference: who has arrived, what goes wrong, the rest planned anew, and who is told."""
