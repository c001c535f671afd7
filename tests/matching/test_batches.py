"""Ranking in chunks: the same numbers on every backend."""

import numpy as np
import pytest

from matching.batches import suggest
from matching.glossary import shipped_glossary
from matching.profiles import Part, Profile
from matching.suggestions import Ranker, top

ENTRIES = shipped_glossary()[:240]
FIRMS = [
    Profile(f"f{i}", (Part("need", vi=e.vi[0]), Part("offer", vi=ENTRIES[-i].vi[0])))
    for i, e in enumerate(ENTRIES[:60])
]
PARTNERS = [
    Profile(f"p{i}", (Part("offer", en=e.en[0]), Part("need", en=ENTRIES[i].en[0])))
    for i, e in enumerate(ENTRIES[30:130])
]


@pytest.fixture(scope="module")
def ranker() -> Ranker:
    return Ranker(kind="technology_supplier").fit(FIRMS, PARTNERS)


@pytest.mark.parametrize("chunk", [7, 500])
def test_chunks_give_what_the_whole_gives(ranker: Ranker, chunk: int) -> None:
    scores = ranker.score(FIRMS, PARTNERS)
    best = top(scores, 5)
    found = suggest(ranker, FIRMS, PARTNERS, 5, chunk=chunk, jobs=2)
    assert np.array_equal(found.partner, best)
    assert np.allclose(found.fit, np.take_along_axis(scores.fit, best, axis=1), atol=1e-12)


def test_more_wanted_than_there_are_and_nobody_at_all(ranker: Ranker) -> None:
    assert suggest(ranker, FIRMS[:2], PARTNERS[:3], 10).partner.shape == (2, 3)
    assert suggest(ranker, [], PARTNERS, 5).partner.shape == (0, 5)
    assert suggest(ranker, FIRMS[:2], [], 5).partner.shape == (2, 0)


def test_an_unknown_backend_is_refused(ranker: Ranker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MATCHING_BACKEND", "carrier-pigeon")
    with pytest.raises(ValueError, match="MATCHING_BACKEND"):
        suggest(ranker, FIRMS, PARTNERS, 5)


@pytest.mark.live
def test_a_dask_cluster_of_two_workers_gives_the_same(ranker: Ranker, monkeypatch: pytest.MonkeyPatch) -> None:
    distributed = pytest.importorskip("distributed")
    here = suggest(ranker, FIRMS, PARTNERS, 5, chunk=20)
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        monkeypatch.setenv("MATCHING_BACKEND", "dask")
        monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", cluster.scheduler_address)
        there = suggest(ranker, FIRMS, PARTNERS, 5, chunk=20)
    assert np.array_equal(here.partner, there.partner) and np.allclose(here.fit, there.fit, atol=1e-12)


def test_one_profile_edited_is_one_row(ranker: Ranker) -> None:
    edited = Profile("f0", (Part("need", vi="máy phay CNC mới"),))
    row = ranker.score_sides(ranker.side([edited]), ranker.side(PARTNERS))
    assert row.fit.shape == (1, len(PARTNERS))
