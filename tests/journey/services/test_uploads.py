"""Uploads in every form of the standard: CSV files, a zip of them, documents in JSON."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footbridge.journey.services.cities import qingteng
from footbridge.journey.services.directory import Directory, DirectoryError
from footbridge.journey.services.documents import documents, page_of_services
from footbridge.journey.services.hsds import Organization, Phone, Service, ServiceStatus
from footbridge.journey.services.reading import Limits
from footbridge.journey.services.uploads import check_uploads, read_uploads
from footbridge.journey.services.writing import csv_set

ORGANISATION = "11111111-1111-4111-8111-111111111111"
SERVICE = "22222222-2222-4222-8222-222222222222"
PHONE = "33333333-3333-4333-8333-333333333333"


def zipped(files, *, folder=""):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        for name, data in files.items():
            box.writestr(folder + name, data)
    return out.getvalue()


def by_id(directory):
    return {
        name: sorted(rows, key=lambda row: str(row.id)) for name, rows in directory.rows().items()
    }


def a_service(**changed):
    return {
        "id": SERVICE,
        "name": "Help",
        "status": "active",
        "organization": {"id": ORGANISATION, "name": "Somewhere", "description": "A place"},
        **changed,
    }


def sent(*services):
    return {"services.json": json.dumps(list(services)).encode()}


def told(files, **limits):
    errors = check_uploads(files, limits=Limits(**limits)).errors
    return [(error.file, error.column) for error in errors]


def test_the_exported_zip_is_accepted_again():
    assert read_uploads({"directory.zip": zipped(csv_set(qingteng()))}) == qingteng()


def test_a_folder_inside_the_zip_does_not_matter():
    found = read_uploads({"directory.zip": zipped(csv_set(qingteng()), folder="data/")})

    assert found == qingteng()


def test_a_zip_that_swells_is_stopped_before_it_is_whole():
    bomb = zipped({"services.csv": b"a" * 2_000_000})

    with pytest.raises(DirectoryError, match="holds more than"):
        read_uploads({"x.zip": bomb}, limits=Limits(set_bytes=100_000))


@pytest.mark.parametrize("data", [b"PK\x03\x04 and nothing", b""])
def test_a_broken_zip_is_said_plainly(data):
    with pytest.raises(DirectoryError, match="cannot be opened"):
        read_uploads({"x.zip": data})


def test_the_invented_city_survives_the_way_through_documents():
    back = read_uploads({"services.json": page_of_services(qingteng())})

    assert by_id(back) == by_id(qingteng())


def test_a_document_holds_what_belongs_to_the_service_inside_it():
    listing = next(one for one in qingteng().listings() if one.addresses and one.capacities)
    (found,) = [one for one in documents(qingteng()) if one["id"] == str(listing.id)]

    assert found["organization"]["name"] == listing.organization.name
    at = found["service_at_locations"][0]["location"]
    assert at["addresses"][0]["address_1"] == listing.addresses[0].address_1
    assert found["capacities"][0]["available"] == listing.capacities[0].available
    assert found["attributes"][0]["taxonomy_term"]["code"]


words = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1).filter(
    lambda text: text == text.strip() and text
)


@settings(max_examples=40)
@given(name=words, number=words, ids=st.lists(st.uuids(), min_size=3, max_size=3, unique=True))
def test_any_text_survives_a_document(name, number, ids):
    organisation, service, phone = ids
    directory = Directory.of(
        [
            Organization(organisation, name, name),
            Service(service, organisation, name, ServiceStatus.ACTIVE, alert=name),
            Phone(phone, number, service_id=service),
        ]
    )

    assert read_uploads({"a.json": page_of_services(directory)}) == directory


@pytest.mark.parametrize(
    "shape",
    [a_service(), [a_service()], {"contents": [a_service()]}, {"services": [a_service()]}],
    ids=["one", "list", "page", "key"],
)
def test_every_usual_shape_of_a_document_is_read(shape):
    directory = read_uploads({"a.json": json.dumps(shape).encode()})

    assert [one.name for one in directory.services] == ["Help"]
    assert str(directory.services[0].organization_id) == ORGANISATION


def test_services_may_come_in_several_documents():
    other = a_service(id="44444444-4444-4444-8444-444444444444", name="More help")
    files = {"a.json": json.dumps(a_service()).encode(), "b.json": json.dumps(other).encode()}

    found = read_uploads({"all.zip": zipped(files)})

    assert [one.name for one in found.services] == ["Help", "More help"]
    assert len(found.organizations) == 1


def test_a_problem_is_told_with_the_place_of_its_key():
    phones = [{"id": PHONE, "number": "1"}, {"id": "not-an-id", "number": "2"}]

    assert told(sent(a_service(phones=phones))) == [("services.json", "services[0].phones[1].id")]


def test_text_that_spans_lines_does_not_move_the_place_of_a_problem():
    first = a_service(description="one\ntwo\r\nthree")
    second = a_service(id="44444444-4444-4444-8444-444444444444", status="perhaps")

    assert told(sent(first, second)) == [("services.json", "services[1].status")]


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"phones": {"id": PHONE}}, "services[0].phones"),
        ({"phones": ["123"]}, "services[0].phones[0]"),
        ({"name": ["Help"]}, "services[0].name"),
        ({"alert": True}, "services[0].alert"),
    ],
)
def test_a_value_of_the_wrong_shape_is_refused_at_its_place(changed, place):
    assert ("services.json", place) in told(sent(a_service(**changed)))


def test_the_same_row_in_two_places_must_say_the_same():
    other = a_service(
        id="44444444-4444-4444-8444-444444444444",
        organization={"id": ORGANISATION, "name": "Elsewhere", "description": "A place"},
    )

    assert told(sent(a_service(), other)) == [("services.json", "services[1].organization.name")]


def test_who_works_there_is_left_out_and_told():
    report = check_uploads(sent(a_service(assurer_email="wu@service.example")))

    assert [note.column for note in report.notes] == ["services[0].assurer_email"]
    assert report.directory is not None


@pytest.mark.parametrize("data", [b"{", b"\xff\xfe", b"[" * 100_000, b'"text"', b"[]"])
def test_what_is_no_list_of_services_is_refused(data):
    report = check_uploads({"a.json": data})

    assert report.directory is None
    assert report.errors


def test_a_missing_organisation_is_missed():
    without = {key: value for key, value in a_service().items() if key != "organization"}

    assert told(sent(without))


def test_a_zip_whose_packed_bytes_are_damaged_is_refused_with_a_reason():
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as box:
        box.writestr("services.csv", "a" * 2000)
    whole = held.getvalue()
    at = whole.index(b"services.csv") + len("services.csv")

    with pytest.raises(DirectoryError, match="broken"):
        read_uploads({"set.zip": whole[:at] + b"\x06\xff\xff" + whole[at + 3 :]})
