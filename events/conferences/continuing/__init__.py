"""Pairs whose earlier meeting may go on: for the organiser, who invites both again."""
