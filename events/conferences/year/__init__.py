"""The year's picture: what all conferences of a year came to, by kind of partner."""
