"""A filled database keeps its certificates and figures when they become rows, and when it goes back."""

from __future__ import annotations

from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from core.db import db
from tests.test_migrations import FOLDER, bare  # noqa: F401 - a fixture

BEFORE = "9e7bb1e08bc2"
FIRM = """INSERT INTO organisation (id, country, name_vi, employees, revenue_vnd, export_usd, certificates, markets,
languages, created_at, updated_at, version, search_key, sort_key) VALUES (7, 'VN', 'Cơ khí', 120, 150000000000, NULL,
'["ISO 9001", "IATF 16949"]', '[]', '[]', '2026-03-01 00:00:00', '2026-03-02 00:00:00', 1, '', '')"""
PRODUCT = """INSERT INTO product (id, organisation_id, name_vi, certificates, version, search_key, sort_key)
VALUES (3, 7, 'Trục', '["CE"]', 1, '', '')"""
NEED = """INSERT INTO need_offer (id, organisation_id, role, kind, text_vi, tags, visibility, created_at, version)
VALUES (5, 7, 'need', 'loan', 'Vay', '[]', 'public', '2026-03-01 00:00:00', 1)"""


def one(query):
    with db.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def test_certificates_and_figures_become_rows_and_columns_again(bare):  # noqa: F811
    upgrade(directory=FOLDER, revision=BEFORE)
    with db.engine.begin() as connection:
        for statement in (FIRM, PRODUCT, NEED):
            connection.execute(text(statement))
    upgrade(directory=FOLDER)
    assert one("SELECT organisation_id, product_id, name FROM certificate ORDER BY id") == [
        (7, None, "ISO 9001"),
        (7, None, "IATF 16949"),
        (7, 3, "CE"),
    ]
    assert one("SELECT year, employees, revenue_vnd, export_usd FROM yearly_figures") == [
        (2025, 120, 150_000_000_000, None)
    ]
    assert [str(row[0]) for row in one("SELECT details FROM need_offer WHERE id = 5")] == ["{}"]
    downgrade(directory=FOLDER, revision=BEFORE)
    assert one("SELECT employees, revenue_vnd FROM organisation") == [(120, 150_000_000_000)]
    names = [str(row[0]).replace("'", '"') for row in one("SELECT certificates FROM organisation")]
    assert names == ['["ISO 9001", "IATF 16949"]']
