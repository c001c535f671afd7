"""What came of it, and the report."""

from __future__ import annotations

import io
from pathlib import Path

from docx import Document
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.browser.conference.people import NOTE, REASON, Story, hanoi
from tests.browser.conference.walking import fits
from tests.browser.conftest import Reader


def answer_after_months(s: Story) -> None:
    """After 3 and 6 months mails ask; one page answers without signing in; the other side does not see it."""
    firm, bank = s.users["firm"].email, s.users["bank"].email
    for at, label in ((hanoi(3, 16, 9, year=2027), "negotiating"), (hanoi(6, 16, 9, year=2027), "agreed")):
        s.time.turn(at, "events that are over", "what came of meetings, after months")
        letters = {letter.to: letter for letter in s.post.new()}
        assert set(letters) == {firm, bank}
        for name, other in (("firm", "bank"), ("bank", "firm")):
            reader: Reader = getattr(s, name)
            reader.context.clear_cookies()
            reader.open(letters[s.users[name].email].link)
            fits(reader)
            reader.page.locator(f"[name='p{s.participants[other]}'][value='{label}']").click()
            expect(reader.page.locator(".empty-title")).to_be_visible()
    s.come_back("officer")
    words = s.text("officer", f"{s.base}/outcomes")
    assert "3 tháng" in words and "6 tháng" in words


def report(s: Story) -> None:
    """The page, the Word draft in both languages and the spreadsheet say the same."""
    page = s.officer.page
    words = s.text("officer", f"{s.base}/report")
    assert "5.432.100.000" in words and NOTE not in words and REASON not in words
    amounts = {"report.vi.docx": "5.432.100.000", "report.en.docx": "5,432,100,000"}
    for name, amount in amounts.items():
        document = Document(download(page, name))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        assert amount in "\n".join([*(p.text for p in document.paragraphs), *cells])
    book = load_workbook(download(page, "report.xlsx"))
    values = {str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}
    assert {"5432100000", "Công ty CP Cơ khí Đối Thủ 02"} <= values
    assert book.sheetnames[-1] == "Các cuộc gặp bị từ chối" and book.worksheets[-1].max_row == 2
    assert not values & {NOTE, REASON}


def download(page: Page, name: str) -> io.BytesIO:
    """What the link to an address ending so brings."""
    with page.expect_download() as got:
        page.locator(f"a[href$='{name}']").click()
    return io.BytesIO(Path(got.value.path()).read_bytes())
