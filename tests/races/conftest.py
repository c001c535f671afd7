"""One live site for each database, shared by all races: they differ by their events."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.races.site import Server, Site


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A thousand firms, each with somebody signed in, and an officer."""
    folder = tmp_path_factory.mktemp("race")
    if request.param == "sqlite":
        return Site(folder, f"sqlite:///{folder / 'site.db'}")
    return Site(folder, request.getfixturevalue("postgresql")("races"))


@pytest.fixture(scope="session")
def server(site: Site) -> Iterator[Server]:
    """Four processes."""
    with site.serve() as running:
        yield running
