"""Choosing firms by the stated criteria, inviting them, and asking for what their profiles lack."""
