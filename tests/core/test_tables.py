"""The tables of core are known as soon as the site is made, so that migrations see them."""

from core.db import db

OURS = {
    "audit_line", "audit_seal", "job_run", "lease", "mail", "mail_attachment", "stored_file", "task",
}  # fmt: skip


def test_every_table_of_core_is_known_to_the_site(app):
    assert set(db.metadata.tables) >= OURS
