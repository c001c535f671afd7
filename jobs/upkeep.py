"""The timers of core itself: mail, the sealing of the audit, and what may be forgotten."""

from __future__ import annotations

from datetime import datetime

from core import audit_seal, files, lease, retention, sending
from core.db import write
from core.timers import stopping, timer

OUTBOX_SECONDS = 2.0


def register() -> None:
    """Register the timers; once is enough, again does no harm."""
    timer("outbox", seconds=OUTBOX_SECONDS)(send_mail)
    timer("audit seal", seconds=600)(seal_audit)
    timer("purge", seconds=900, period="day")(purge)


def send_mail(at: datetime) -> None:
    """Send what is due."""
    sending.send_due()


def seal_audit(at: datetime) -> None:
    """Seal every settled line, batch after batch."""
    while not stopping.is_set():
        with write():
            lease.guard()
            if audit_seal.seal(at=at) is None:
                return


def purge(at: datetime) -> None:
    """Drop what has been kept long enough: rows by the rule of their table, then files without a row."""
    for _table, purge_table in retention.rules():
        with write():
            lease.guard()
            purge_table(at)
    files.purge(at=at)
