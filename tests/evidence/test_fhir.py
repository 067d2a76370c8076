"""A research extract as FHIR R4: valid, pseudonymous, without a patient and without a day."""

from __future__ import annotations

import dataclasses
import json
import re
import uuid
from random import Random

import pytest
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse
from fhir.resources.R4B.servicerequest import ServiceRequest
from fhir.resources.R4B.task import Task
from hypothesis import given, settings
from hypothesis import strategies as st

from footbridge.evidence import fhir
from footbridge.journey.outcomes.records import OutcomeBands
from tests.drills.filling import filled

ROWS = [
    {"arm": "new", "month": "3", "age": "30-39", "employment": "regular", "urine": "not-known"},
    {"arm": "usual", "month": "6-12", "age": "*", "employment": "none", "urine": "positive"},
    {"arm": "usual", "month": "3", "age": "*", "employment": "not-known", "urine": "not-known"},
]
CODES = st.sampled_from(["none", "regular", "weekly", "0", "1-2", "6+", "*", "not-known", ""])
TABLES = st.lists(st.sampled_from(["arm", "month", "a", "b-c", "d_e"]), unique=True).flatmap(
    lambda names: st.lists(st.fixed_dictionaries(dict.fromkeys(names, CODES)), max_size=6)
)


def made(rows=ROWS, seed=1):
    """Return a bundle with ids that depend on a seed only."""
    draws = Random(seed)
    return fhir.bundle(rows, draws=lambda: uuid.UUID(int=draws.getrandbits(128), version=4))


def of_kind(bundle, kind):
    """Return the resources of one kind."""
    found = [entry["resource"] for entry in bundle["entry"]]
    return [one for one in found if one["resourceType"] == kind]


def test_the_bundle_is_valid_by_the_models_of_a_library_of_its_own():
    checked = Bundle.model_validate_json(fhir.as_json(made()))

    kinds = [type(entry.resource) for entry in checked.entry]
    assert (kinds.count(ServiceRequest), kinds.count(Task)) == (3, 3)
    assert kinds.count(QuestionnaireResponse) == 2


@settings(max_examples=40)
@given(TABLES)
def test_any_table_gives_a_valid_bundle_with_one_request_and_one_task_a_row(rows):
    bundle = made(rows)

    checked = Bundle.model_validate_json(fhir.as_json(bundle))

    assert len(of_kind(bundle, "ServiceRequest")) == len(of_kind(bundle, "Task")) == len(rows)
    assert len(checked.entry) == len(bundle["entry"])


def test_the_validator_refuses_what_r4_refuses_or_it_would_prove_nothing():
    broken = made()
    of_kind(broken, "ServiceRequest")[0].pop("subject")

    with pytest.raises(ValueError, match="subject"):
        Bundle.model_validate_json(json.dumps(broken))


def test_every_resource_is_labelled_pseudonymous_and_none_is_a_patient():
    bundle = made()

    resources = [entry["resource"] for entry in bundle["entry"]]
    assert all(one["meta"]["security"] == [fhir.PSEUDONYMOUS] for one in [bundle, *resources])
    assert {one["resourceType"] for one in resources} == {
        "Questionnaire",
        "Group",
        "ServiceRequest",
        "Task",
        "QuestionnaireResponse",
    }


def test_every_reference_leads_to_a_resource_of_the_bundle_and_subjects_are_groups_of_one():
    bundle = made()
    here = {entry["fullUrl"]: entry["resource"] for entry in bundle["entry"]}
    text = fhir.as_json(bundle)

    assert set(re.findall(r'"reference": "([^"]+)"', text)) <= set(here)
    for kind, field in (("ServiceRequest", "subject"), ("Task", "for")):
        for one in of_kind(bundle, kind):
            assert here[one[field]["reference"]]["quantity"] == 1


def test_two_exports_of_the_same_rows_share_no_persons_id():
    first, second = made(seed=1), made(seed=2)

    def ids(bundle):
        return {one["id"] for one in of_kind(bundle, "Group")}

    assert not ids(first) & ids(second)


def test_time_is_told_in_months_since_enrolment_or_as_the_band_that_is_left():
    values = [task["input"][0] for task in of_kind(made(), "Task")]

    assert values[0]["valueDuration"] == {
        "value": 3,
        "unit": "months",
        "system": "http://unitsofmeasure.org",
        "code": "mo",
    }
    assert values[1]["valueCodeableConcept"]["coding"][0]["code"] == "6-12"


def test_what_is_unknown_or_coarsened_away_is_said_in_the_standards_own_codes():
    first, second = of_kind(made(), "QuestionnaireResponse")

    def code(response, name):
        (answer,) = (item["answer"] for item in response["item"] if item["linkId"] == name)
        return answer[0]["valueCoding"]["code"]

    assert (code(first, "urine"), code(second, "age")) == ("UNK", "MSK")


def test_a_follow_up_at_which_nothing_was_found_is_failed_and_has_no_answers():
    tasks = of_kind(made(), "Task")

    assert [task["status"] for task in tasks] == ["completed", "completed", "failed"]
    assert "output" not in tasks[2]


@pytest.mark.parametrize("value", ["2026-11-21", "2026-11", "seen 2026-11-21", "2026-W47"])
def test_a_value_that_is_a_day_or_a_week_stops_the_export(value):
    with pytest.raises(fhir.ExportError, match="Nothing left"):
        made([{"arm": "new", "seen": value}])


@pytest.mark.parametrize(
    "change",
    [
        {"resourceType": "Patient"},
        {"identifier": [{"value": "x"}]},
        {"meta": {}},
        {"authoredOn": "3"},
        {"requester": {"display": "x"}},
    ],
)
def test_a_bundle_that_says_more_is_stopped(change):
    bundle = made()
    of_kind(bundle, "ServiceRequest")[0].update(change)

    with pytest.raises(fhir.ExportError):
        fhir.check(bundle)


def test_rows_of_different_variables_are_refused():
    with pytest.raises(fhir.ExportError, match="different variables"):
        made([{"arm": "a"}, {"arm": "a", "age": "30-39"}])


@pytest.mark.django_db
def test_whatever_the_research_compartment_holds_can_be_exported():
    draws = Random(3)
    records = [filled(OutcomeBands, draws) for _ in range(20)]
    rows = [{name: str(value) for name, value in dataclasses.asdict(r).items()} for r in records]

    bundle = made(rows)

    Bundle.model_validate_json(fhir.as_json(bundle))
    assert len(of_kind(bundle, "QuestionnaireResponse")) == 20


def test_the_same_bundle_is_the_same_bytes():
    assert fhir.as_json(made()) == fhir.as_json(made())
