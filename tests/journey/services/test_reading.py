"""A set of files is read whole or refused with every reason."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.journey import services
from footbridge.journey.services.cities import qingteng
from footbridge.journey.services.directory import Directory, DirectoryError
from footbridge.journey.services.hsds import TABLES, Organization, ServiceStatus
from footbridge.journey.services.reading import (
    Limits,
    RefusedSetError,
    check_csv_set,
    read_csv_set,
)
from footbridge.journey.services.rules import Need, ServiceFacts
from footbridge.journey.services.writing import csv_set, write_csv_set

ORGANISATION = "11111111-1111-4111-8111-111111111111"
SERVICE = "22222222-2222-4222-8222-222222222222"


def a_set(**changed: str) -> dict[str, bytes]:
    texts = {
        "organizations": f"id,name,description\n{ORGANISATION},Somewhere,A place\n",
        "services": f"id,organization_id,name,status\n{SERVICE},{ORGANISATION},Help,active\n",
        **changed,
    }
    return {f"{name}.csv": text.encode() for name, text in texts.items()}


def told(files: dict[str, bytes], **limits: int) -> list[tuple[str, int, str]]:
    errors = check_csv_set(files, limits=Limits(**limits)).errors
    return [(error.file, error.line, error.column) for error in errors]


def test_the_smallest_set_is_read():
    directory = read_csv_set(a_set())

    assert [service.name for service in directory.services] == ["Help"]
    assert directory.services[0].status is ServiceStatus.ACTIVE


def test_the_invented_city_comes_back_byte_for_byte():
    folder = Path(services.__path__[0]) / "data" / "qingteng"
    stored = {path.name: path.read_bytes() for path in folder.glob("*.csv")}

    assert csv_set(qingteng()) == stored


def test_a_written_set_is_read_back_as_the_same_directory(tmp_path):
    write_csv_set(qingteng(), tmp_path)

    assert read_csv_set(tmp_path) == qingteng()


words = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1).filter(
    lambda text: text == text.strip() and text
)


@given(name=words, described=words, ids=st.lists(st.uuids(), min_size=1, max_size=4, unique=True))
def test_any_text_survives_a_round_trip(name, described, ids):
    rows = [Organization(id=each, name=name, description=described) for each in ids]
    directory = Directory.of(rows)

    assert read_csv_set(csv_set(directory)) == directory


def test_a_byte_order_mark_is_welcome():
    files = a_set()
    files["organizations.csv"] = b"\xef\xbb\xbf" + files["organizations.csv"]

    assert read_csv_set(files).organizations[0].name == "Somewhere"


def test_every_problem_is_told_with_its_file_line_and_column():
    files = a_set(
        services=(
            "id,organization_id,name,status,assured_date,url\n"
            f"not-an-id,{ORGANISATION},,open,21 Nov 2026,javascript:alert(1)\n"
        )
    )

    assert told(files) == [
        ("services.csv", 2, column) for column in ("id", "name", "status", "url", "assured_date")
    ]


def test_a_wrong_value_is_answered_with_the_allowed_ones():
    files = a_set(services=f"id,organization_id,name,status\n{SERVICE},{ORGANISATION},Help,open\n")

    (error,) = check_csv_set(files).errors

    assert error.say() == (
        "open is not allowed here. Allowed: active, inactive, defunct, temporarily closed."
    )


def test_lines_are_counted_through_cells_that_span_several():
    files = a_set(
        organizations=(
            f'id,name,description\n{ORGANISATION},Somewhere,"one\ntwo\nthree"\n'
            f"{SERVICE},,nameless\n"
        )
    )

    assert told(files) == [("organizations.csv", 5, "name")]


def test_a_row_that_points_nowhere_is_refused():
    files = a_set(services=f"id,organization_id,name,status\n{SERVICE},{SERVICE},Help,active\n")

    assert told(files) == [("services.csv", 2, "organization_id")]


def test_the_same_id_twice_is_refused():
    row = f"{ORGANISATION},Somewhere,A place\n"
    files = a_set(organizations=f"id,name,description\n{row}{row}")

    assert told(files) == [("organizations.csv", 3, "id")]


def test_a_missing_table_and_a_missing_column_are_told():
    files = {"services.csv": b"id,name,status\n"}

    assert told(files) == [("organizations.csv", 0, ""), ("services.csv", 1, "organization_id")]


@pytest.mark.parametrize("data", ["名".encode("gbk"), b"\xff\xfe\x00i", b"id\x00,name\n"])
def test_a_file_that_is_not_clean_utf8_is_refused_without_being_parsed(data):
    files = a_set() | {"organizations.csv": data}

    assert ("organizations.csv", 1, "") in told(files)


def test_an_open_quotation_mark_is_told_and_does_not_swallow_the_file():
    files = a_set() | {"organizations.csv": b'id,name,description\n"unfinished,'}

    assert ("organizations.csv", 2, "") in told(files)


def test_sizes_are_bounded_before_anything_is_parsed():
    row = f"{ORGANISATION},Somewhere,A place\n"
    files = a_set(organizations="id,name,description\n" + row * 30)

    assert ("organizations.csv", 0, "") in told(files, file_bytes=500)
    assert ("services.csv", 0, "") in told(files, set_bytes=len(files["organizations.csv"]) + 1)
    assert ("organizations.csv", 7, "") in told(files, rows=5)
    assert len(told(files, problems=3)) == 3


def test_a_row_with_too_many_cells_is_told_rather_than_cut():
    files = a_set(organizations=f"id,name,description\n{ORGANISATION},Some,where,A place\n")

    assert ("organizations.csv", 2, "") in told(files)


def test_a_cell_that_looks_like_a_formula_is_kept_as_text_and_noted():
    danger = "=HYPERLINK(0)"
    files = a_set(organizations=f"id,name,description\n{ORGANISATION},{danger},A place\n")

    report = check_csv_set(files)

    assert report.directory is not None
    assert report.directory.organizations[0].name == danger
    assert [(n.line, n.column) for n in report.notes] == [(2, "name")]


def test_a_set_for_spreadsheets_runs_no_formula_and_keeps_telephone_numbers():
    row = Organization(id=qingteng().organizations[0].id, name="=1+1", description="+999 000 0001")

    data = csv_set(Directory.of([row]), for_spreadsheets=True)["organizations.csv"].decode()

    assert "'=1+1" in data
    assert "'+999" not in data


def test_columns_that_name_a_worker_are_left_out_and_that_is_said():
    files = a_set(
        services=(
            "id,organization_id,name,status,assurer_email\n"
            f"{SERVICE},{ORGANISATION},Help,active,somebody@service.example\n"
        )
    )

    report = check_csv_set(files)

    assert [(n.file, n.column) for n in report.notes] == [("services.csv", "assurer_email")]
    assert b"somebody" not in b"".join(csv_set(report.directory).values())


def test_a_table_that_is_not_kept_is_noted_and_not_read():
    report = check_csv_set(a_set() | {"contacts.csv": b"\xff anything"})

    assert [note.file for note in report.notes] == ["contacts.csv"]
    assert report.directory is not None


def test_a_link_in_the_folder_is_not_followed(tmp_path):
    for name, data in a_set().items():
        (tmp_path / name).write_bytes(data)
    outside = tmp_path.parent / f"{tmp_path.name}-outside.csv"
    outside.write_bytes(b"id,name\n")
    (tmp_path / "phones.csv").symlink_to(outside)

    assert read_csv_set(tmp_path).phones == ()


def test_a_fact_is_yes_or_no_and_a_code_is_one_of_ours():
    term, attribute = "33333333-3333-4333-8333-333333333333", "44444444-4444-4444-8444-444444444444"
    files = a_set(
        taxonomy_terms=(
            "id,name,description,code,taxonomy\n"
            f"{term},Asks a name,x,asks_a_name,footbridge-facts\n"
        ),
        attributes=(
            "id,link_id,taxonomy_term_id,link_entity,value\n"
            f"{attribute},{SERVICE},{term},service,maybe\n"
        ),
    )

    assert told(files) == [("attributes.csv", 2, "value"), ("taxonomy_terms.csv", 2, "code")]


def test_the_refusal_itself_quotes_nothing_from_the_files():
    secret = "somebody-s-name"
    files = a_set(services=f"id,organization_id,name,status\n{SERVICE},x,Help,{secret}\n")

    with pytest.raises(RefusedSetError) as refused:
        read_csv_set(files)

    assert secret not in str(refused.value)
    assert len(refused.value.report.errors) == 2


def test_the_invented_city_covers_every_need_in_two_languages():
    city = qingteng()

    assert (len(city.organizations), len(city.services)) == (14, 26)
    assert frozenset(Need) == frozenset().union(*(one.needs for one in city.listings()))
    for listing in city.listings():
        assert listing.text("name", "zh") != listing.text("name", "en")
        assert listing.text("description", "zh") != listing.text("description", "en")


def test_a_fact_that_nobody_found_out_is_neither_yes_nor_no():
    city = qingteng()
    (emergency,) = (one for one in city.listings() if "Emergency" in one.service.name)

    assert emergency.facts == ServiceFacts(
        methadone=False, cash_only=False, accepts_code_only=False, warm_handoff=True
    )


def test_a_text_without_translation_is_shown_as_the_file_has_it():
    city = qingteng()

    assert city.text(city.services[0], "name", "fr") == city.services[0].name


def test_a_service_that_is_not_there_is_refused_with_a_way_on():
    with pytest.raises(DirectoryError, match="Choose another service"):
        qingteng().listing(qingteng().organizations[0].id)


def test_every_table_knows_what_it_requires():
    required = {table.name: table.required for table in TABLES}

    assert required["organization"] == ("id", "name", "description")
    assert required["service"] == ("id", "organization_id", "name", "status")
    assert required["service_at_location"] == ("id", "service_id", "location_id")
