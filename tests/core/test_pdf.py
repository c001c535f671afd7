"""PDF: what people typed prints as it is, nothing is read or run, and it ends in time."""

from __future__ import annotations

import json
import re
import string
import time
import unicodedata

import pytest
import typst

from core.documents import glyphs, pdf, qr
from core.errors import Unavailable

LITERALS = [
    '#read("/etc/passwd")',
    '#import "base.typ": *',
    '#eval("1+1")',
    "{{7*7}} ${7*7} {% raw %}",
    "{u.__class__}",
    "*bold* _it_ `raw` $x^2$ = Heading",
    "<img src=file:///etc/passwd>",
    "<link rel=attachment href=file:///etc/passwd>",
    "\\ // /* */ [a](b) @ref ~",
]
TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
VIETNAMESE = "".join(
    unicodedata.normalize("NFC", letter + tone) for letter in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY" for tone in TONES
)
VIETNAMESE += "đĐ₫"


@pytest.fixture(autouse=True)
def _texts(app):
    """Messages need an app."""


@pytest.fixture
def templates(tmp_path, monkeypatch):
    """A folder of templates of this test: `templates("a.typ", source)`."""
    (tmp_path / "base.typ").write_text((pdf.TEMPLATES / "base.typ").read_text())
    monkeypatch.setattr(pdf, "TEMPLATES", tmp_path)

    def add(name, source):
        (tmp_path / name).write_text(source)
        pdf._templates.cache_clear()

    yield add
    pdf._templates.cache_clear()


def table(**more):
    return {"title": "Lịch gặp", "header": ["Giờ", "Đối tác"], "rows": []} | more


def svg(data, page=1):
    """The same document as SVG, whose glyphs can be told apart."""
    pages = typst.compile(
        str(pdf.TEMPLATES / "table.typ"),
        root=str(pdf.TEMPLATES),
        font_paths=[str(glyphs.font_folder())],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(pdf._clean(data)), "language": "vi"},
        format="svg",
    )
    return (pages[page - 1] if isinstance(pages, list) else pages).decode()


def shapes(text):
    """The drawings of the characters of `text`, each set alone in a cell."""
    drawn = svg(table(title="", header=[""], rows=[[text]]))
    symbols = dict(re.findall(r'<symbol id="(g[^"]+)"[^>]*><path d="([^"]*)"', drawn))
    return [symbols[used] for used in re.findall(r'<use xlink:href="#(g[^"]+)"', drawn) if used in symbols]


def test_a_document_is_a_pdf_with_its_title_and_language():
    made = pdf.render("table.typ", table(rows=[["9:00", "Công ty Hoà Phát"]]))
    assert made.startswith(b"%PDF-") and b"/Lang(vi)" in made


@pytest.mark.parametrize("text", LITERALS)
def test_text_prints_literally(text):
    """A glyph for each character or ligature: nothing was interpreted, included or left out."""
    assert pdf.render("table.typ", table(title=text, lines=[text], rows=[[text, text]])).startswith(b"%PDF-")
    set_solid = re.sub("ffi|ffl|ff|fi|fl", "_", text.replace(" ", ""))
    assert glyph_count([text.replace(" ", "")]) - glyph_count([""]) == len(set_solid)


def glyph_count(row):
    return svg(table(title="", header=[""], rows=[row])).count("<use ")


def test_no_file_outside_the_templates_can_be_read(templates):
    templates("x.typ", '#read("/etc/passwd")')
    with pytest.raises(Unavailable):
        pdf.render("x.typ", {})
    templates("y.typ", '#read("../../../etc/passwd")')
    with pytest.raises(Unavailable):
        pdf.render("y.typ", {})


def test_an_endless_document_is_killed(templates):
    templates("x.typ", "#let n = 0\n#while true { n += 1; if n < 0 { break } }")
    begun = time.monotonic()
    with pytest.raises(Unavailable):
        pdf.render("x.typ", {}, seconds=1.5)
    assert time.monotonic() - begun < 5


def test_a_document_that_eats_memory_is_killed(templates, monkeypatch):
    monkeypatch.setattr(pdf, "MEMORY", 600 * 2**20)
    templates("x.typ", '#let a = "x" * 1000000\n#let b = range(200000000).map(i => a)\n#b.len()')
    with pytest.raises(Unavailable):
        pdf.render("x.typ", {})


def test_a_megabyte_of_description_is_cut_and_made_in_time():
    begun = time.monotonic()
    made = pdf.render("table.typ", table(lines=["Mô tả dài " * 100_000], rows=[["x" * 1_000_000, "y"]]))
    assert made.startswith(b"%PDF-") and time.monotonic() - begun < 10


def test_an_unknown_template_is_a_mistake_of_ours():
    for name in ("none.typ", "../base.typ", "/etc/passwd"):
        with pytest.raises(LookupError):
            pdf.render(name, {})


def test_the_header_of_a_table_repeats_on_each_page():
    data = table(rows=[[str(i), "Công ty"] for i in range(100)])
    first, second = svg(data, 1), svg(data, 2)
    assert "<use " in second and first != second
    assert svg(table(rows=[])).count("<use ") < second.count("<use ")


def test_every_vietnamese_letter_is_drawn():
    assert glyphs.uncovered(VIETNAMESE + string.printable) == "\x0b\x0c\r"
    drawn = {c: tuple(shapes(c)) for c in VIETNAMESE}
    assert all(drawn.values()) and len(set(drawn.values())) == len(VIETNAMESE)


def test_what_the_table_of_glyphs_promises_is_in_the_font():
    """Each character said to be covered has a drawing of its own, unlike the box for a missing one."""
    (missing,) = raw_shapes("\ue000")
    for low, high in glyphs.LIBERTINUS:
        text = "".join(chr(c) for c in range(low, high + 1) if not chr(c).isspace() and c != 0xAD)
        assert missing not in raw_shapes(text), (hex(low), hex(high))


def raw_shapes(text):
    drawn = typst.compile(
        b'#set text(font: ("Libertinus Serif",), fallback: false)\n#sys.inputs.text',
        ignore_system_fonts=True,
        sys_inputs={"text": text},
        format="svg",
    )
    drawn = (drawn[0] if isinstance(drawn, list) else drawn).decode()
    return re.findall(r'<symbol id="g[^"]+"[^>]*><path d="([^"]*)"', drawn)


@pytest.mark.parametrize("text", ["機械加工", "株式会社サンプル", "주식회사 예시", "机床 数控"])
def test_the_names_of_japanese_korean_and_chinese_partners_are_drawn(text):
    assert glyphs.drawable(text) == text
    assert all(shapes(c) not in ([], shapes("?")) for c in text if c != " ")


def test_letters_that_no_font_has_are_marked_or_lose_their_marks():
    assert glyphs.drawable("Công ty ไทย — Ḩ") == "Công ty ??? — H"


def test_a_qr_code_goes_into_a_document(templates):
    head = '#sheet-head(title: "Phiếu", name: data.name, qr: data.qr)'
    templates("x.typ", f'#import "base.typ": *\n#let data = load()\n{head}')
    made = pdf.render("x.typ", {"name": "Đỗ Thị Hà", "qr": qr.svg_bytes("https://a.vn/t/1").decode()})
    assert made.startswith(b"%PDF-")
