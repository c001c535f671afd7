"""A consistent copy of the database and the uploaded files, while the site runs: `./run backup [FILE]`.

SQLite is copied by its own online backup, never as a file; PostgreSQL by pg_dump. The database goes first and the
files after it: a file too many is harmless, a missing one is not. The copy is written under another name and put in
place when it is whole.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from core import clock, config


def main() -> int:
    settings = config.read()
    stamp = f"{clock.now():%Y%m%d-%H%M%S}"
    target = Path(sys.argv[1] if len(sys.argv) > 1 else settings.data_dir / "backups" / f"spcncl-{stamp}.tar.gz")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        database = (
            _copy_sqlite(settings, Path(folder)) if settings.sqlite else _dump_postgresql(settings, Path(folder))
        )
        whole = Path(folder) / "whole.tar.gz"
        with tarfile.open(whole, "w:gz", compresslevel=6) as archive:
            archive.add(database, database.name)
            if (settings.data_dir / "files").is_dir():
                archive.add(settings.data_dir / "files", "files")
        whole.chmod(0o600)
        with whole.open("rb") as file:
            os.fsync(file.fileno())
        whole.replace(target)
    print(f"{target} ({target.stat().st_size:,} bytes)")
    return 0


def _copy_sqlite(settings: config.Settings, folder: Path) -> Path:
    """The online backup of SQLite, checked."""
    copy = folder / "site.db"
    source = sqlite3.connect(settings.database_url.removeprefix("sqlite:///"))
    target = sqlite3.connect(copy)
    with source, target:
        source.backup(target)
        verdict = target.execute("PRAGMA integrity_check").fetchone()[0]
    source.close()
    target.close()
    if verdict != "ok":
        raise SystemExit(f"The copy is not sound: {verdict}")
    return copy


def _dump_postgresql(settings: config.Settings, folder: Path) -> Path:
    """A dump in PostgreSQL's own format, for pg_restore."""
    program = shutil.which("pg_dump")
    if program is None:
        raise SystemExit("pg_dump is not installed; it comes with PostgreSQL's client programs.")
    dump = folder / "site.dump"
    url = settings.database_url.replace("postgresql+psycopg://", "postgresql://")
    subprocess.run([program, "--format=custom", f"--file={dump}", url], check=True)  # noqa: S603
    return dump


if __name__ == "__main__":
    sys.exit(main())
