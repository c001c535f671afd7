"""Times that became free on the day, and who in the hall would take them."""
