"""The backup is a whole database and holds the uploaded files."""

from __future__ import annotations

import sqlite3
import sys
import tarfile

from core import backup, config


def test_a_backup_can_be_opened_and_holds_what_was_committed(tmp_path, monkeypatch, capsys):
    source = sqlite3.connect(tmp_path / "site.db")
    source.execute("PRAGMA journal_mode=WAL")
    source.execute("CREATE TABLE t (x)")
    source.execute("INSERT INTO t VALUES (42)")
    source.commit()
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "abc").write_bytes(b"content")
    environment = {"MODE": "test", "DATA_DIR": str(tmp_path)}
    monkeypatch.setattr(config, "read", lambda: config_of(environment))
    target = tmp_path / "out" / "copy.tar.gz"
    monkeypatch.setattr(sys, "argv", ["backup", str(target)])
    assert backup.main() == 0
    source.close()
    with tarfile.open(target) as archive:
        archive.extractall(tmp_path / "back", filter="data")
    restored = sqlite3.connect(tmp_path / "back" / "site.db")
    assert restored.execute("SELECT x FROM t").fetchone() == (42,)
    assert (tmp_path / "back" / "files" / "abc").read_bytes() == b"content"
    assert oct(target.stat().st_mode & 0o777) == "0o600"


_read = config.read


def config_of(environment):
    return _read(environment)
