"""A crowd of invented organisations and a conference of them, made through the site's own functions."""
