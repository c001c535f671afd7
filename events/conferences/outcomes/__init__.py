"""What came of the meetings: held or not, useful or not, and what grew out of them months later."""
