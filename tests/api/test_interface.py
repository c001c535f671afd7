"""The JSON interface: tokens with rights, pages, marks of content, rows taken in all or none, hostile JSON."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from sqlalchemy import func, select

from api import operations, rate
from api.enums import Scope
from api.models import ApiReceipt, ApiToken
from companies import operations as companies
from companies.models import Award, Organisation, Product
from core import clock
from core.audit import AuditLine
from core.db import session, write
from tests.people import Cast

ALL = tuple(Scope)
FIRM = {"tax_code": "0090000019", "name_vi": "Công ty Một", "kinds": ["firm"], "certificates": ["ISO 9001", "BRC"]}
URL = "/api/v1/organisations"


@pytest.fixture
def token(cast: Cast):
    """`token(Scope.X)`: the header of a system with these rights."""

    administrator = cast.administrator

    def make(*scopes, days=30):
        with write():
            _row, key = operations.issue("Cục Thử", scopes or ALL, days=days, by=administrator, at=clock.now())
        return {"Authorization": f"Bearer {key}"}

    return make


@pytest.fixture
def send(client, token):
    """`send(body)`: hand rows in, with a key of its own unless given."""
    header = token(Scope.WRITE_ORGANISATIONS)
    turn = iter(range(100))

    def post(body, key=None, query="", **headers):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        given = {**header, "Idempotency-Key": key or f"test-key-{next(turn)}", **headers}
        return client.post(URL + query, data=data, headers=given, content_type="application/json")

    return post


@pytest.fixture
def titles(cast):
    """Two firms, one recognised now, one long ago."""
    cast.firm, cast.rival  # noqa: B018 - made before the block
    with write():
        session.add_all(
            [
                Award(
                    organisation_id=cast.firm.id,
                    winner_name=cast.firm.name,
                    product_vi="Trục cam",
                    year=2025,
                    top10=True,
                ),
                Award(organisation_id=cast.rival.id, winner_name=cast.rival.name, product_vi="=1+1", year=2015),
                Award(winner_name="Xưởng Cũ", product_vi="Gốm", year=2010),
                Product(organisation_id=cast.firm.id, name_vi="Trục cam", hs="8483"),
            ]
        )


def count(model=Organisation):
    return session.scalar(select(func.count()).select_from(model))


def document(client):
    return client.get("/api/v1/openapi.json").json


def checked(client, name, body):
    """The answer is what the description says."""
    described = document(client)
    schema = {"$ref": f"#/components/schemas/{name}", "components": described["components"]}
    Draft202012Validator(schema).validate(body)
    return body


def test_the_description_is_valid_and_names_every_address(app, client):
    described = document(client)
    validate(described)
    served = {rule.rule.removeprefix("/api/v1").replace("<code>", "{code}") for rule in app.url_map.iter_rules()
              if rule.rule.startswith("/api/v1")}  # fmt: skip
    assert set(described["paths"]) == served
    columns = described["components"]["schemas"]["Taken"]["properties"]["organisations"]["items"]["properties"]
    assert "null" in columns["email"]["type"] and "null" not in columns["tax_code"]["type"]


def test_without_a_token_that_counts_nothing_opens(app, client, browse, cast, token):
    run_out = token(days=1)
    revoked = token()
    with write():
        operations.revoke(
            session.scalars(select(ApiToken).order_by(ApiToken.id.desc())).first(), by=None, at=clock.now()
        )
    others = (
        {},
        {"Authorization": "Bearer x"},
        {"Authorization": "Basic eA=="},
        {"Authorization": "Bearer " + "x" * 9_000},
    )
    with clock.frozen(clock.now() + timedelta(days=2)):
        for headers in (*others, run_out, revoked):
            answer = client.get(URL, headers=headers)
            assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
            assert answer.headers["WWW-Authenticate"].startswith("Bearer")
            checked(client, "Problem", answer.json)
    assert browse(cast.administrator).get(URL).status_code == 401, "a person's session opens nothing here"


def test_a_right_that_was_not_given_is_refused(client, token):
    reads = token(Scope.READ_PRODUCTS)
    assert client.get("/api/v1/products", headers=reads).status_code == 200
    for answer in (client.get(URL, headers=reads), client.post(URL, headers=reads, data=b"{}")):
        assert (answer.status_code, answer.json["status"]) == (403, 403)


def test_a_token_is_kept_as_a_hash_shown_once_and_says_when_it_was_used(cast, browse, client):
    admin = browse(cast.administrator, "en")
    page = admin.post("/api-tokens", data={"name": "Statistics", "scopes": [s.value for s in ALL], "days": "30"})
    key = page.text.split("<code>spcncl_")[1].split("</code>")[0]
    row = session.scalars(select(ApiToken)).one()
    assert row.last_used_at is None and key not in str(vars(row)) and len(key) > 40
    assert client.get(URL, headers={"Authorization": f"Bearer spcncl_{key}"}).status_code == 200
    assert session.scalars(select(ApiToken)).one().last_used_at == clock.now()
    again = admin.get("/api-tokens").text
    assert key not in again and row.start in again
    assert admin.post(f"/api-tokens/{row.id}/revoke").status_code == 302
    assert client.get(URL, headers={"Authorization": f"Bearer spcncl_{key}"}).status_code == 401
    assert {"api_token.issue", "api_token.revoke"} <= set(session.scalars(select(AuditLine.act)))
    assert admin.post("/api-tokens", data={"name": "", "days": "9999"}).status_code == 422
    assert browse(cast.officer).get("/api-tokens").status_code == 403


def test_recognised_firms_and_products_are_given_with_public_facts_only(client, token, cast, titles):
    with write():
        cast.firm.email, cast.firm.phone = "a@a.vn", "+84912345678"
        figures = {"revenue_vnd": 987654, "employees": 4321}
        companies.state_figures(cast.firm, 2025, figures, by=None, at=clock.now())
    header = token()
    found = checked(client, "Organisations", client.get(URL + "?recognised=true", headers=header).json)
    (firm,) = found["data"]
    assert (firm["tax_code"], firm["recognition"], firm["awards"][0]["top10"]) == ("0090000019", "recognised", True)
    assert (firm["products"][0]["hs"], found["total"]) == ("8483", 1)
    text = json.dumps(found)
    assert not [secret for secret in ("a@a.vn", "84912345678", "987654", "4321") if secret in text]
    assert client.get(URL + "?recognised=false", headers=header).json["total"] == 1
    products = checked(client, "Awards", client.get("/api/v1/products?valid=true", headers=header).json)
    assert [p["winner"]["tax_code"] for p in products["data"]] == ["0090000019"]
    assert client.get("/api/v1/products?valid=false", headers=header).json["total"] == 2
    one = client.get(f"{URL}/0090000019", headers=header)
    checked(client, "Organisation", one.json)
    assert client.get(f"{URL}/0090000040", headers=header).status_code == 404
    assert client.get(f"{URL}/DE:NO", headers=header).json["title"] == "Not Found"


def test_lists_come_in_pages_with_the_same_number_of_queries(client, token, cast, titles, queries):
    header = token()
    assert cast.bank_organisation.id
    client.get(URL, headers=header)
    seen = []
    for per_page in (1, 3):
        queries.clear()
        page = client.get(f"{URL}?per_page={per_page}&page=1", headers=header)
        seen.append(len(queries))
        assert len(page.json["data"]) == per_page
    assert seen[0] == seen[1]
    links = client.get(f"{URL}?per_page=1&page=2", headers=header).json["links"]
    assert set(links) == {"prev", "next"} and "page=3" in links["next"]
    for odd in ("_scheme=javascript", "_external=1", "endpoint=x", "_anchor=x", "per_page=1&per_page=2", "q=%22%3E"):
        answer = client.get(f"{URL}?per_page=1&{odd}", headers=header)
        assert answer.status_code == 200
        assert all(link.startswith(f"http://localhost{URL}?") for link in answer.json["links"].values())
    for odd in ("page=-1", "page=99999999999", "per_page=0", "per_page=9999999", "page=x", "per_page=" + "9" * 5_000):
        assert client.get(f"{URL}?{odd}", headers=header).status_code == 200
    for bad in ("recognised=maybe", "sector=x", "updated_since=yesterday"):
        assert client.get(f"{URL}?{bad}", headers=header).status_code == 400
    assert client.get("/api/v1/products?year=1e3", headers=header).status_code == 400


def test_who_has_it_already_is_told_so(client, token, cast, titles):
    header = token()
    first = client.get(URL, headers=header)
    again = client.get(URL, headers=header | {"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    with write():
        cast.firm.zone = "KCN Mới"
    assert client.get(URL, headers=header | {"If-None-Match": first.headers["ETag"]}).status_code == 200


# --- taking in ------------------------------------------------------------------------------------------------


def test_organisations_are_taken_in_by_the_code_of_the_import(client, send, token):
    body = {"organisations": [FIRM | {"revenue_vnd": "1,5 tỷ", "employees": 12, "email": "A@a.vn"}],
            "products": [{"organisation": "0090000019", "name_vi": "Trục"}]}  # fmt: skip
    answer = checked(client, "Outcome", send(body).json)
    assert [(r["sheet"], r["index"], r["what"]) for r in answer["results"]] == [
        ("organisations", 0, "new"), ("products", 0, "new"),
    ]  # fmt: skip
    firm = session.scalars(select(Organisation)).one()
    assert (firm.id, firm.revenue_vnd, firm.email) == (answer["results"][0]["id"], 1_500_000_000, "a@a.vn")
    token_id = session.scalar(select(ApiReceipt.token_id))
    assert f"api:{token_id}" in set(session.scalars(select(AuditLine.actor)))
    changed = send({"organisations": [{"tax_code": "0090000019", "email": None, "zone": "KCN"}]}).json["results"][0]
    assert set(changed["columns"]) == {"email", "zone"}
    session.expire_all()
    assert (session.scalars(select(Organisation)).one().email, firm.name_vi) == (None, "Công ty Một")


def test_all_or_nothing_with_a_pointer_to_each_fault(client, send):
    bad = {"name_vi": "B", "kinds": ["firm"], "tax_code": "0090000018", "colour": "red"}
    answer = send({"organisations": [FIRM, bad]})
    assert (answer.status_code, answer.mimetype, count()) == (422, "application/problem+json", 0)
    pointers = {error["pointer"] for error in checked(client, "Problem", answer.json)["errors"]}
    assert pointers == {"/organisations/colour", "/organisations/1/tax_code"}


def test_the_same_key_again_gets_the_same_answer_and_does_nothing(send):
    first = send({"organisations": [FIRM]}, key="one-and-the-same")
    again = send({"organisations": [FIRM]}, key="one-and-the-same")
    assert (again.json, again.headers["Idempotent-Replayed"]) == (first.json, "true")
    assert send({"organisations": [FIRM | {"zone": "x"}]}, key="one-and-the-same").status_code == 409
    assert (count(), count(ApiReceipt)) == (1, 1)
    assert send({"organisations": [FIRM]}, key="short").status_code == 400


def test_no_form_mark_is_needed_where_no_cookie_opens_anything(app, send, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    assert send({"organisations": [FIRM]}).status_code == 200


def test_a_dry_run_changes_nothing(send):
    answer = send({"organisations": [FIRM]}, query="?dry_run=true")
    assert (answer.json["dry_run"], answer.json["results"][0]["what"], count()) == (True, "new", 0)


def test_a_system_that_hands_in_too_often_is_told_to_wait(send, monkeypatch):
    monkeypatch.setattr("api.rules.WRITES_AN_HOUR", 2)
    assert [send({"organisations": [FIRM]}).status_code for _ in range(3)] == [200, 200, 429]


HOSTILE = {  # H54, H38, H37, H52 and their like
    "deep": b'{"organisations":' * 10_000,
    "deep lists": b"[" * 100_000,
    "nan": b'{"organisations":[{"employees":NaN}]}',
    "infinity": b'{"organisations":[{"employees":-Infinity}]}',
    "1e400": b'{"organisations":[{"employees":1e400}]}',
    "many digits": b'{"organisations":[{"employees":' + b"9" * 5_000 + b"}]}",
    "doubled": b'{"organisations":[{"zone":"a","zone":"b"}]}',
    "no json": b"organisations=1",
    "not utf-8": b'{"organisations":[{"zone":"\xff"}]}',
    "empty": b"",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_json_that_cannot_be_meant_is_refused(send, name):
    answer = send(HOSTILE[name])
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")


@pytest.mark.parametrize(
    "body",
    [
        [], {}, {"users": []}, {"organisations": {}}, {"organisations": [1]}, {"organisations": []},
        {"organisations": [{"zone": {"a": 1}}]}, {"organisations": [{"kinds": [["firm"]]}]},
        {"organisations": [{"zone": "\ud800"}]}, {"organisations": [{"zone": "x" * 20_000}]},
        {"organisations": [{"role": "admin", "id": 7}]}, {"organisations": [{"certificates": ["a|b"]}]},
        {"organisations": [FIRM] * 1_001},
    ],
)  # fmt: skip
def test_a_body_of_another_shape_is_refused(send, body):
    assert send(body).status_code == 422
    assert count() == 0


def test_an_address_that_is_none_and_a_way_that_is_none_are_problem_documents(client, token):
    for answer, status in ((client.get("/api/v1/none"), 404), (client.delete(URL, headers=token()), 405)):
        assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")


# --- open data ------------------------------------------------------------------------------------------------


def test_everybody_reads_the_list_of_recognised_products(client, titles):
    answer = client.get("/open-data/recognised-products.json?lang=en")
    assert answer.json["count"] == 3 and "Hanoi Department" in answer.json["licence"]
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert (
        client.get(answer.request.path + "?lang=en", headers={"If-None-Match": answer.headers["ETag"]}).status_code
        == 304
    )
    rows = list(
        csv.DictReader(io.StringIO(client.get("/open-data/recognised-products.csv").data.decode("utf-8-sig")))
    )
    assert [(r["year"], r["product_vi"], r["valid"]) for r in rows] == [
        ("2025", "Trục cam", "1"), ("2015", "'=1+1", "0"), ("2010", "Gốm", "0"),
    ]  # fmt: skip
    assert "recognised-products.csv" in client.get("/open-data/").text


def test_reads_are_counted_in_all_processes_together_with_one_write_for_several(client, token, monkeypatch):
    monkeypatch.setattr("api.rules.READS_A_MINUTE", 25)
    header, writes = token(Scope.READ_ORGANISATIONS), []
    monkeypatch.setattr(
        operations, "take_reads", lambda *args, take=operations.take_reads: writes.append(1) or take(*args)
    )
    shares = [{}, {}]  # what each of two processes has left

    def read(process):
        monkeypatch.setattr(rate, "_shares", shares[process])
        return client.get(URL, headers=header)

    answers = [read(n % 2).status_code for n in range(30)]
    assert (answers.count(200), answers.count(429)) == (25, 5)
    assert len(writes) == 4  # 10 + 10 + 5, and once to hear that nothing is left
    refused = read(0)
    assert (refused.status_code, refused.headers["Retry-After"], len(writes)) == (429, "60", 5)
    assert read(0).status_code == 429 and len(writes) == 5  # heard: nothing more is written in this minute
    with clock.frozen(clock.now() + timedelta(seconds=61)):
        assert read(0).status_code == 200
    assert client.get(URL, headers=token(Scope.READ_ORGANISATIONS)).status_code == 200  # another system
