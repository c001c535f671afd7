"""The bilingual resources and their checker."""

import csv
from pathlib import Path

import pytest

from matching.glossary import (
    GLOSSARIES,
    RESOURCES,
    GlossaryError,
    main,
    read_codes,
    read_glossary,
    shipped_codes,
    shipped_glossary,
)

HEADER = "id,domain,vi,en,ja,ko,note\n"


@pytest.mark.parametrize("name", [*GLOSSARIES, "vsic.csv"])
def test_what_is_shipped_has_no_fault(name: str) -> None:
    assert main([str(RESOURCES / name)]) == 0


def test_what_is_shipped_is_enough_to_work_with() -> None:
    entries = [entry for entry in shipped_glossary() if entry.domain != "everyday"]
    assert len(entries) > 4000 and len({entry.domain for entry in entries}) == 24
    assert len({entry.id for entry in shipped_glossary()}) == len(shipped_glossary())
    assert sum(bool(entry.ja and entry.ko) for entry in entries) > 600


def test_manufacturing_is_there_by_division_and_group_with_isic_and_the_new_version_is_marked() -> None:
    codes = {(c.version, c.code): c for c in shipped_codes()}
    divisions = [f"{n}" for n in range(10, 34)]
    for code in divisions:
        assert codes["2018", code].isic == codes["2025", code].isic == code and codes["2018", code].en
    groups = {code[:2] for version, code in codes if version == "2018" and len(code) == 3}
    assert set(divisions) <= groups
    with (RESOURCES / "vsic.csv").open(encoding="utf-8") as file:
        assert all(row["note"] == "to be checked" for row in csv.DictReader(file) if row["version"] == "2025")


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ("a-1,a,máy,machine,,\n", "line 2: 6 cells, expected 7"),
        ("a-1,a,,machine,,,\n", "line 2: no vi"),
        ("a-1,a,máy,machine,,,\na-1,a,dao,knife,,,\n", "line 3: id a-1 is already used on line 2"),
        ("a-1,a,máy | Máy,machine,,,\n", "line 2: vi: the same name twice"),
        ("a-1,a,máy,machine,,,\na-2,a,cỗ máy | máy,engine | machine,,,\n", "line 3: máy = machine stands on line 2"),
        ("a-1,a,máy | ,machine,,,\n", "line 2: vi: an empty name between bars"),
        ("a-1,a,m\u200báy,machine,,,\n", "holds an invisible character"),
        ("a-1,a,ma\u0301y,machine,,,\n", "is not NFC"),
        (f"a-1,a,{'m' * 501},machine,,,\n", "a cell of 501 characters"),
        ('a-1,a,"máy,machine,,,\n', "not a table"),
    ],
)  # fmt: skip
def test_faults_are_named_by_line(tmp_path: Path, rows: str, fault: str) -> None:
    file = tmp_path / "glossary.csv"
    file.write_text(HEADER + rows, encoding="utf-8")
    with pytest.raises(GlossaryError) as told:
        read_glossary(file)
    assert fault in "; ".join(map(str, told.value.faults))


def test_a_wrong_header_and_a_wrong_encoding_are_named(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("vi;en\n", encoding="utf-8")
    with pytest.raises(GlossaryError, match="the header is vi;en"):
        read_glossary(file)
    file.write_bytes("máy".encode("utf-16"))
    with pytest.raises(GlossaryError, match="not UTF-8"):
        read_codes(file)
    file.write_text("", encoding="utf-8")
    with pytest.raises(GlossaryError, match="missing"):
        read_glossary(file)


def test_the_checker_tells_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "glossary.csv"
    file.write_text(HEADER + "a-1,,máy,machine,,,\n", encoding="utf-8-sig")
    assert main([str(file), str(tmp_path / "none.csv")]) == 1
    told = capsys.readouterr().out
    assert "line 2: no domain" in told and "No such file" in told
