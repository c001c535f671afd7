"""Meetings of conferences before the site: who met whom, and what came of it, from an officer's spreadsheet."""
