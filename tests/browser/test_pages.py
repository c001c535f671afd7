"""Every page that there is, in both languages, wide and narrow: nothing for axe, the console or the CSP to mark."""

from __future__ import annotations

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from tests.browser.filled import fill, pages

pytestmark = pytest.mark.browser
LEAST = {None: 8, "administrator": 56, "firm_owner": 23, "bank": 11}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Only what is wrong comes back: handing over the long list of what is in order took longer than finding it.
AXE = """async (rules) => {
    const told = await axe.run({runOnly: rules, resultTypes: ["violations"]})
    return told.violations.map(
        ({id, help, nodes}) => `${id}: ${help}: ${nodes.slice(0, 3).map((n) => n.html.slice(0, 200)).join(" | ")}`)
}"""


@pytest.mark.parametrize(
    "person, language, width",
    [
        (None, "vi", 1280),
        (None, "en", 390),
        ("administrator", "vi", 390),
        ("administrator", "en", 1280),
        ("firm_owner", "vi", 1280),
        ("firm_owner", "en", 390),
        ("bank", "en", 1280),
    ],
)
def test_every_page_is_in_order(app, cast, read, person, language, width):
    fill(cast)
    reader = read(person and getattr(cast, person), language, width)
    told: dict[str, list[str]] = {}
    seen = 0
    for path in pages(app):
        answer = reader.context.request.get(reader.url + path, max_redirects=0)
        page = answer.headers.get("content-type", "").startswith("text/html")
        assert answer.status < 500 or not page, path
        if answer.status != 200 or not page:
            continue
        reader.open(path)
        if faults := [*reader.faults, *_faults(reader, language, width)]:
            told[path] = faults
        reader.faults.clear()
        seen += 1
    assert told == {}, "\n".join(f"{path}: {fault}" for path, faults in told.items() for fault in faults)
    assert seen >= LEAST[person]  # pages that this reader can open; a fill that lost its rows would hide faults


def _faults(reader, language, width):
    page = reader.page
    if page.evaluate("document.documentElement.lang") != language:
        yield "the page is in another language"
    if (heads := page.locator("h1").count()) != 1:
        yield f"the page has {heads} h1"
    if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
        yield f"the page is {wide} pixels wide"
    page.evaluate(AXE_SCRIPT)  # through the driver: the page's own policy would refuse it as a script tag
    yield from page.evaluate(AXE, RULES)


def test_the_error_page_is_in_order(read):
    reader = read(width=390)
    reader.open("/no-such-page")
    assert list(_faults(reader, "vi", 390)) == []
    assert reader.page.get_by_role("link", name="Trang chủ").or_(reader.page.locator("main a.btn-primary")).count()
