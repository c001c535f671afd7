"""Hanoi's communes since 1 July 2025, each with its tile in the picture of the city; industrial zones. Pure."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import vietnamese

COMMUNES_FILE = Path(__file__).with_name("data") / "communes.csv"
ZONES_FILE = COMMUNES_FILE.with_name("zones.csv")


@dataclass(frozen=True)
class Tile:
    """A commune's place in the picture, counted from the north-west; schematic, see data/communes.md."""

    name: str
    kind: str
    column: int
    row: int


@lru_cache
def tiles() -> tuple[Tile, ...]:
    """All communes in the order of the official list."""
    with COMMUNES_FILE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Tile(vietnamese.nfc(row["name"]), row["kind"], int(row["column"]), int(row["row"]))
            for row in csv.DictReader(file)
        )


@lru_cache(maxsize=256)
def neighbours(commune: str) -> tuple[str, ...]:
    """The communes whose tiles touch that of a commune, on the schematic map; none for a name that is not on it."""
    key = vietnamese.search_key(commune)
    own = next((tile for tile in tiles() if vietnamese.search_key(tile.name) == key), None)
    if own is None:
        return ()
    return tuple(
        tile.name
        for tile in tiles()
        if tile != own and abs(tile.column - own.column) <= 1 and abs(tile.row - own.row) <= 1
    )


@lru_cache
def communes() -> Mapping[str, str]:
    """Name -> phường or xã, in Vietnamese order."""
    return {tile.name: tile.kind for tile in sorted(tiles(), key=lambda tile: vietnamese.sort_key(tile.name))}


@lru_cache
def _communes_by_key() -> Mapping[str, str]:
    return {vietnamese.search_key(name): name for name in communes()}


def commune(text: str) -> str | None:
    """The commune's official name from any spelling (Hoà Lạc, phường Cửa Nam, xa hoa lac); None if there is none."""
    key = vietnamese.search_key(text)
    for prefix in ("phuong ", "xa "):
        if key not in _communes_by_key():
            key = key.removeprefix(prefix)
    return _communes_by_key().get(key)


# --- industrial zones: a second key of a place -------------------------------------------------------------------


@lru_cache
def zones() -> tuple[str, ...]:
    """The larger industrial zones of Hanoi, to choose from; another one is written as it is called."""
    with ZONES_FILE.open(encoding="utf-8", newline="") as file:
        return tuple(vietnamese.nfc(row["name"]) for row in csv.DictReader(file))


def zone(text: str) -> str:
    """The zone's name as it is listed, from any spelling (KCN Phú Nghĩa); an unknown one stays as written."""
    return next((name for name in zones() if _zone_key(name) == _zone_key(text)), text)


def _zone_key(text: str) -> str:
    key = vietnamese.search_key(text)
    for prefix in ("khu cong nghiep ", "kcn ", "khu cong nghe cao ", "kcnc "):
        key = key.removeprefix(prefix)
    return key.replace("-", " ").replace("  ", " ").strip()
