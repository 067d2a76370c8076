"""A research extract as a FHIR R4 bundle: pseudonymous, without a patient and without a day.

What goes in are rows that may already leave (two people, k and l reached); this module
only writes them in another shape, and no page hands it anything else. R4 asks a
ServiceRequest for a subject and knows no research participant without a patient behind
them, so each row gets a `Group` of one: R4 allows that everywhere, and it says no more
than that there is somebody.

References
----------
HL7 FHIR R4 (4.0.1): Bundle, Group, Questionnaire, QuestionnaireResponse, ServiceRequest,
Task; `PSEUDED` of v3-ObservationValue; `UNK` and `MSK` of v3-NullFlavor; UCUM `mo`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from footbridge.trust.decisions import HouseError, gettext_noop

Row = Mapping[str, str]
Resource = dict[str, Any]

PSEUDONYMOUS = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue",
    "code": "PSEUDED",
    "display": "pseudonymized",
}
NULLS = "http://terminology.hl7.org/CodeSystem/v3-NullFlavor"
UNITS = "http://unitsofmeasure.org"
# Fixed for all extracts of all sites, so that none of them says where it comes from.
QUESTIONS = "urn:uuid:1f0c8f64-30a5-4c39-9d0f-6f5f0c2f8a11"
CODES = "urn:uuid:5c8b1d0e-7a2b-4d9c-8a55-0d6f1b7e9c42"
ARM, MONTH = "arm", "month"
UNKNOWN, ANY = "not-known", "*"  # as extracts write what is missing, or was coarsened away
_MISSING = {UNKNOWN: ("UNK", "unknown"), ANY: ("MSK", "masked"), "": ("UNK", "unknown")}
# What would name somebody, or place them on a day.
_FORBIDDEN_TYPES = frozenset({"Patient", "Person", "RelatedPerson", "Practitioner", "Encounter"})
_FORBIDDEN_FIELDS = frozenset(
    {"identifier", "telecom", "address", "birthDate", "photo", "contact", "note", "text.div"}
    | {"authored", "authoredOn", "lastModified", "lastUpdated", "timestamp", "date"}
    | {"author", "requester", "performer", "owner", "source", "managingEntity"}
)
_DAY = re.compile(r"\b\d{4}-\d{2}(-\d{2})?\b|\b\d{4}-W\d{2}\b")
_RANDOM = re.compile(r"(urn:uuid:)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class ExportError(HouseError):
    """An extract that cannot be written as FHIR, or that would say too much."""


def bundle(rows: Iterable[Row], *, draws: Callable[[], UUID]) -> Resource:
    """Return rows of an extract as one FHIR R4 collection.

    Parameters
    ----------
    rows : iterable of mapping of str to str
        One a person: variable to code. `arm` and `month` (months since enrolment) may be
        among them; ``not-known`` and ``*`` stand for what is missing or was coarsened away.
    draws : callable
        Returns a fresh random UUID at each call; nothing links two exports.

    Returns
    -------
    dict
        A `Bundle` of one Questionnaire and, for each row, a Group of one, a ServiceRequest
        (what chance or the team decided), a Task (the follow-up, done or not) and, where
        anything was found, a QuestionnaireResponse.

    Raises
    ------
    ExportError
        If the rows have different variables, or a value looks like a day.
    """
    held = [dict(row) for row in rows]
    names = _variables(held)
    entries = [_questionnaire(names, held)]
    for row in held:
        entries.extend(_of_one(row, names, draws))
    made = _resource("Bundle", draws(), type="collection")
    made["entry"] = [{"fullUrl": f"urn:uuid:{one['id']}", "resource": one} for one in entries]
    check(made)
    return made


def as_json(made: Resource) -> str:
    """Return a bundle as text: sorted, so that the same bundle is the same bytes."""
    return json.dumps(made, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def check(made: Resource) -> None:
    """Refuse a bundle that names somebody or a day, or lacks its label.

    Raises
    ------
    ExportError
        For the first such thing; the value itself is not repeated.
    """
    for entry in made["entry"]:
        resource = entry["resource"]
        kind = str(resource["resourceType"])
        if kind in _FORBIDDEN_TYPES:
            raise _too_much(kind, kind)
        if PSEUDONYMOUS not in resource.get("meta", {}).get("security", ()):
            raise _too_much(kind, "meta.security")
        for path, value in _leaves(resource):
            field = next((part for part in path if part in _FORBIDDEN_FIELDS), None)
            if field is not None:
                raise _too_much(kind, field)
            if isinstance(value, str) and not _RANDOM.fullmatch(value) and _DAY.search(value):
                raise _too_much(kind, ".".join(path))


def _too_much(kind: str, where: str) -> ExportError:
    return ExportError(
        gettext_noop(
            "The export was stopped: a {kind} would have said more than a research extract may "
            "({where}). Nothing left. Take that variable out of the extract."
        ),
        kind=kind,
        where=where,
    )


def _leaves(value: object, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], object]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _leaves(inner, (*path, str(name)))
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, path)
    else:
        yield path, value


def _variables(rows: Sequence[Row]) -> list[str]:
    names = sorted(rows[0]) if rows else []
    if any(sorted(row) != names for row in rows):
        raise ExportError(
            gettext_noop(
                "The rows of this extract have different variables, so they cannot stand in one "
                "file. Make the extract again."
            )
        )
    return [name for name in names if name not in {ARM, MONTH}]


def _resource(kind: str, id: UUID | str, **fields: object) -> Resource:  # noqa: A002 - FHIR's word
    return {
        "resourceType": kind,
        "id": str(id),
        "meta": {"security": [dict(PSEUDONYMOUS)]},
        **fields,
    }


def _coding(value: str) -> Resource:
    missing = _MISSING.get(value)
    if missing is not None:
        return {"system": NULLS, "code": missing[0], "display": missing[1]}
    return {"system": CODES, "code": value}


def _questionnaire(names: Sequence[str], rows: Sequence[Row]) -> Resource:
    items = []
    for name in names:
        values = sorted({row[name] for row in rows})
        options = [{"valueCoding": _coding(value)} for value in values]
        shown = {"linkId": name, "text": name.replace("_", " ").replace("-", " ")}
        items.append({**shown, "type": "choice", "answerOption": options})
    fields: Resource = {"url": QUESTIONS, "status": "active"}
    if items:
        fields["item"] = items
    return _resource("Questionnaire", QUESTIONS.removeprefix("urn:uuid:"), **fields)


def _of_one(row: Row, names: Sequence[str], draws: Callable[[], UUID]) -> Iterator[Resource]:
    somebody = _resource("Group", draws(), type="person", actual=True, quantity=1)
    subject = {"reference": f"urn:uuid:{somebody['id']}", "type": "Group"}
    asked = _resource("ServiceRequest", draws(), status="active", intent="order", subject=subject)
    asked["code"] = {"coding": [_coding(row.get(ARM, UNKNOWN))], "text": ARM}
    order = {"reference": f"urn:uuid:{asked['id']}", "type": "ServiceRequest"}
    known = [name for name in names if row[name] not in _MISSING]
    followed = _resource("Task", draws(), intent="order", focus=order, **{"for": subject})
    followed["status"] = "completed" if known else "failed"
    followed["code"] = {"text": "follow-up"}
    followed["input"] = [{"type": {"text": "months since enrolment"}, **_months(row)}]
    yield somebody
    yield asked
    yield followed
    if known:
        found = _answers(row, names, _resource("QuestionnaireResponse", draws()))
        found |= {"subject": subject, "basedOn": [order]}
        whole = {"reference": f"urn:uuid:{found['id']}", "type": "QuestionnaireResponse"}
        followed["output"] = [{"type": {"text": "outcome"}, "valueReference": whole}]
        yield found


def _months(row: Row) -> Resource:
    month = row.get(MONTH, UNKNOWN)
    if month.isdigit():
        unit = {"unit": "months", "system": UNITS, "code": "mo"}
        return {"valueDuration": {"value": int(month), **unit}}
    return {"valueCodeableConcept": {"coding": [_coding(month)]}}


def _answers(row: Row, names: Sequence[str], found: Resource) -> Resource:
    items = [{"linkId": name, "answer": [{"valueCoding": _coding(row[name])}]} for name in names]
    return found | {"status": "completed", "questionnaire": QUESTIONS, "item": items}
