"""Fixtures of the packages whose rows a deletion empties."""

from tests.companies.conftest import load, workbook  # noqa: F401
from tests.events.conftest import make_event  # noqa: F401
