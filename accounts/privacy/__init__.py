"""A person's rights over his data: consent for each purpose, requests with due dates, deletion."""
