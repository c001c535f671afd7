"""Migrations lead to the very schema that the models state, on both databases, and back."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade

from app import create_app
from core.db import db
from tests.conftest import make_settings

FOLDER = str(Path(__file__).parents[1] / "migrations")


@pytest.fixture
def bare(request, tmp_path, database):
    """An app on a database without tables."""
    if database.startswith("sqlite"):
        url = f"sqlite:///{tmp_path / 'bare.db'}"
    else:
        url = request.getfixturevalue("postgresql")(f"bare_{abs(hash(request.node.name)) % 10**8}")
    app = create_app(make_settings(tmp_path, url))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def differences():
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return compare_metadata(context, db.metadata)


def test_the_migrations_make_the_schema_of_the_models(bare):
    upgrade(directory=FOLDER)
    assert differences() == []


def test_the_migrations_lead_back_and_forth(bare):
    upgrade(directory=FOLDER)
    downgrade(directory=FOLDER, revision="base")
    upgrade(directory=FOLDER)
    assert differences() == []


def test_there_is_one_head():
    assert len(ScriptDirectory(FOLDER).get_heads()) == 1
