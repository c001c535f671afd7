"""Template, upload, preview, confirmation: all or nothing, and never a crash."""

from __future__ import annotations

import io
import zipfile

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from companies.import_runs import ImportRun
from companies.models import Organisation
from core.audit import AuditLine
from core.db import session, write
from core.files import StoredFile

FIRM = {"tax_code": "0090000019", "name_vi": "Công ty Một", "kinds": "firm"}
URL = "/organisations/import"


def send(client, data, name="danh-sach.xlsx"):
    return client.post(URL, data={"file": (io.BytesIO(data), name)}, content_type="multipart/form-data")


def preview(client, data, name="danh-sach.xlsx"):
    answer = send(client, data, name)
    assert answer.status_code == 302, answer.data.decode()
    return answer.location, client.get(answer.location).data.decode()


def fingerprint(page):
    return page.split('name="fingerprint" value="')[1].split('"')[0]


def count(model=Organisation):
    return session.scalar(select(func.count()).select_from(model))


def test_an_officer_imports_what_he_saw(cast, browse, workbook):
    client = browse(cast.officer, "en")
    data = workbook(organisations=[FIRM], products=[{"organisation": "0090000019", "name_vi": "Trục cam"}])
    url, page = preview(client, data)
    assert "Trục cam" in page and count() == 0
    assert client.post(f"{url}/apply", data={"fingerprint": fingerprint(page)}).status_code == 302
    assert count() == 1
    done = client.get(url).data.decode()
    assert "fingerprint" not in done and "Imported" in done
    assert client.post(f"{url}/apply", data={"fingerprint": fingerprint(page)}).status_code == 302
    assert client.post(f"{url}/discard").status_code == 409
    assert (count(), count(StoredFile)) == (1, 0)
    acts = set(session.scalars(select(AuditLine.act)))
    assert {"import.upload", "import.apply", "organisation.import", "product.import"} <= acts
    assert client.get(URL).status_code == 200


def test_a_change_is_shown_by_column(cast, browse, workbook, load):
    load(workbook(organisations=[FIRM]))
    _, page = preview(browse(cast.officer), workbook(organisations=[FIRM | {"zone": "KCN", "founded": 1999}]))
    assert "zone, founded" in page


@pytest.mark.parametrize(("language", "words"), [("vi", "tax_code"), ("en", "is no tax code")])
def test_faults_are_shown_with_their_place_and_cannot_be_confirmed(cast, browse, workbook, language, words):
    client = browse(cast.officer, language)
    url, page = preview(client, workbook(organisations=[FIRM, FIRM | {"tax_code": "0090000018"}]))
    assert words in page and "A3" in page and "fingerprint" not in page
    assert client.post(f"{url}/apply", data={"fingerprint": "0" * 64}).status_code == 409
    assert count() == 0


def test_a_database_that_changed_since_the_preview_is_looked_at_again(cast, browse, workbook, load):
    client = browse(cast.officer)
    url, page = preview(client, workbook(organisations=[FIRM | {"zone": "KCN Mới"}]))
    load(workbook(organisations=[FIRM | {"zone": "KCN"}]))
    answer = client.post(f"{url}/apply", data={"fingerprint": fingerprint(page)})
    assert answer.status_code == 409
    again = fingerprint(answer.data.decode())
    assert again != fingerprint(page)
    assert client.post(f"{url}/apply", data={"fingerprint": again}).status_code == 302
    assert client.post(f"{url}/apply").status_code in (302, 422)


def test_an_upload_is_thrown_away_with_its_file(cast, browse, workbook):
    client = browse(cast.officer)
    url, _ = preview(client, workbook(organisations=[FIRM]))
    assert (count(ImportRun), count(StoredFile)) == (1, 1)
    assert client.post(f"{url}/discard").status_code == 302
    assert (count(ImportRun), count(StoredFile), count()) == (0, 0, 0)
    assert client.get(url).status_code == 404


def test_a_lost_file_is_told_without_a_crash(cast, browse, workbook):
    client = browse(cast.officer)
    url, _ = preview(client, workbook(organisations=[FIRM]))
    with write():
        run = session.scalars(select(ImportRun)).one()
        run.file = None
    assert client.get(url).location == URL


def bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", b"0" * 200_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.xlsx", b""),
        ("a.xlsx", b"x"),
        ("a.xlsx", b"PK\x03\x04broken"),
        ("a.xlsm", b"PK\x03\x04"),
        ("a.pdf", b"%PDF-1.4"),
        ("a.csv", b"colour,taste\nred,sweet\n"),
        ("a.csv", b"tax_code,name_vi,kinds\n"),
        ("a.csv", b"\x00\x01\x02"),
        ("a.csv", b'tax_code,name_vi\n"0090000019,' + b"x" * 40_000),
        ("a.csv", b"x" * (5 * 2**20 + 1)),
        ("a.xlsx", bomb),
        ("../../x\u202e.csv", b"tax_code\n"),
    ],
)
def test_files_that_are_none_are_refused_with_a_sentence(cast, browse, name, data):
    answer = send(browse(cast.officer, "en"), data() if callable(data) else data, name)
    assert answer.status_code == 422 and 'role="alert"' in answer.data.decode()
    assert (count(), count(ImportRun)) == (0, 0)


def test_nothing_chosen_is_told(cast, browse):
    assert browse(cast.officer).post(URL, data={}).status_code == 422


def test_the_template_has_a_sheet_for_each_table_and_a_guide(cast, browse):
    book = load_workbook(io.BytesIO(browse(cast.officer).get(f"{URL}/template.xlsx").data))
    assert book.sheetnames[1:] == ["organisations", "products", "needs_offers", "awards"]
    head = [[cell.value for cell in row] for row in book["organisations"].iter_rows(max_row=2)]
    assert head[0][:3] == ["tax_code", "foreign_id", "country"]
    assert head[1][0].endswith("/ Tax code")


def test_the_officers_export_can_be_imported_again_unchanged(cast, browse, workbook, load):
    load(workbook(organisations=[FIRM | {"zone": "KCN", "revenue_vnd": 5, "markets": "VN|JP", "source": "báo"}]))
    client = browse(cast.officer)
    _, page = preview(client, client.get("/organisations.xlsx").data)
    assert 'id="changes"' not in page and 'id="faults"' not in page


@pytest.mark.parametrize(
    "who", ["firm_owner", "bank", "council_member", "council_secretary", "introducer", "door_staff"]
)
def test_only_officers_import(cast, browse, workbook, who):
    preview(browse(cast.officer), workbook(organisations=[FIRM]))
    run = session.scalars(select(ImportRun)).one()
    client = browse(getattr(cast, who))
    before = count()
    assert client.get(URL).status_code == client.get(f"{URL}/template.xlsx").status_code == 403
    assert send(client, workbook(organisations=[FIRM])).status_code == 403
    assert client.get(f"{URL}/{run.id}").status_code == 404
    assert client.post(f"{URL}/{run.id}/apply", data={"fingerprint": "x"}).status_code == 404
    assert count() == before
