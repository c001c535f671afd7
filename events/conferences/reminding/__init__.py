"""Reminders that the site sends by itself: to the silent, for empty profiles, for wishes and for meetings."""
