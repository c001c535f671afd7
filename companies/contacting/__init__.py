"""Contact through the Department: a firm is shown only to those it agrees to meet."""
