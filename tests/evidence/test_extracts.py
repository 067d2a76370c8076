"""Nobody alone takes rows out, nobody in them can be picked out, and each of them can see it."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from datetime import timedelta
from random import Random

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from footbridge.disclosure.microdata import classes
from footbridge.disclosure.recipients import SEALED_MARK, write_public
from footbridge.evidence import actions as studies
from footbridge.evidence.extracts import actions, making, queries
from footbridge.evidence.extracts.actions import Wanted
from footbridge.evidence.extracts.labels import VARIABLES as WORDS
from footbridge.evidence.extracts.making import Earlier, ExtractError
from footbridge.evidence.extracts.queries import Stage
from footbridge.evidence.extracts.variables import VARIABLES
from footbridge.evidence.models import ExtractAsk
from footbridge.journey.outcomes.rules import Employment, OutcomeValues, Urine
from footbridge.trust.access import staff
from footbridge.trust.access.rules import Role
from footbridge.trust.audit import trail
from footbridge.trust.decisions import RefusedError
from footbridge.trust.vault import crypto
from footbridge.trust.vault.crypto import KeyPair

PAIR = KeyPair.new()
LINE = write_public(PAIR.public)
COLUMNS = ["arm", "employment", "urine"]


def values_of(code):
    """Return the values that a variable may have, by what its ladder and records name."""
    return {"urine": ["positive", "negative", "not-known"], "arm": ["new", "usual"]}.get(
        code, ["regular", "occasional", "none"]
    )


def some_rows(number, seed):
    chance = Random(seed)
    return [{code: chance.choice(values_of(code)) for code in VARIABLES} for _ in range(number)]


def shown(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.fixture
def second(house, lead, study, today):
    """A colleague who holds the study's key as well."""
    colleague = house.add_staff("qing", Role.ANALYST)
    profile = next(p for p in staff.everybody(site=house.keys) if p.id == colleague.id)
    studies.add_analyst(study, colleague=profile, by=lead, on=today)
    return colleague


@pytest.fixture
def asked(study, lead, today):
    return actions.ask(study, Wanted(COLUMNS, 3, LINE, fhir=True), by=lead, on=today)


@pytest.fixture
def people(join, monkeypatch):
    """Four people with an outcome; crowds of two are enough here."""
    monkeypatch.setattr(making, "K", 2)
    return [
        join("rmi", OutcomeValues(employment=Employment.NONE, urine=urine))
        for urine in (Urine.POSITIVE, Urine.NEGATIVE) * 2
    ]


@settings(max_examples=30)
@given(
    st.integers(20, 120), st.integers(), st.lists(st.sampled_from(sorted(VARIABLES)), max_size=6)
)
def test_every_row_that_leaves_stands_in_a_crowd(number, seed, codes):
    codes = list(dict.fromkeys([*codes, "urine"]))
    knowable = [code for code in codes if VARIABLES[code].knowable]
    try:
        safe = making.safe_rows(some_rows(number, seed), codes, earlier=[])
    except ExtractError:
        return
    for crowd in classes(safe.rows, knowable).values():
        assert len(crowd) >= 10
        assert len({row["urine"] for row in crowd} - {"not-known"}) >= 2


def test_two_extracts_laid_side_by_side_point_at_nobody():
    rows = some_rows(120, 4)
    first = making.safe_rows(rows, ["arm", "employment", "urine"], earlier=[])
    before = Earlier(("arm", "employment", "urine"), first.levels)

    later = making.safe_rows(rows, ["arm", "housing", "urine"], earlier=[before])

    joined = [
        {
            code: VARIABLES[code].ladder.at(row[code], {**later.levels, **first.levels}[code])
            for code in ("arm", "employment", "housing")
        }
        for row in rows
    ]
    crowds = [len(crowd) for crowd in classes(joined, ["arm", "employment", "housing"]).values()]
    assert sum(size for size in crowds if size >= 10) >= 0.9 * len(rows)
    assert set(later.rows[0]) == {"arm", "housing", "urine"}


def test_rows_carry_fresh_ids_a_month_and_no_order():
    safe = making.safe_rows(some_rows(60, 2), COLUMNS, earlier=[])
    chance = Random(1)

    text = making.as_csv(safe, COLUMNS, month=3, fresh=lambda: f"{chance.getrandbits(64):016x}")

    lines = list(csv.DictReader(io.StringIO(text)))
    assert [line["id"] for line in lines] == sorted({line["id"] for line in lines})
    assert {line["month"] for line in lines} == {"3"}
    assert list(lines[0]) == ["id", "month", *COLUMNS]


@pytest.mark.parametrize(
    "codes", [[], ["handle"], ["arm", "employment", "housing", "treatment", "place"]]
)
def test_a_choice_that_cannot_be_made_safe_is_refused_at_once(codes):
    with pytest.raises(ExtractError):
        making.check_variables(codes)


def test_every_variable_has_words_and_says_what_it_is():
    assert set(WORDS) == set(VARIABLES)
    assert sum(one.knowable for one in VARIABLES.values()) == 6


def test_one_asks_another_agrees_and_the_file_opens_with_the_recipients_key_alone(
    house, asked, second, lead, people, today
):
    actions.decide(asked, agree=True, by=second, on=today)

    data = actions.make(asked, by=lead, on=today)

    box = data.removeprefix(SEALED_MARK)
    with zipfile.ZipFile(io.BytesIO(crypto.unpad(crypto.open_from(PAIR, box)))) as archive:
        table = list(csv.DictReader(io.StringIO(archive.read("data.csv").decode())))
        assert set(archive.namelist()) == {
            *("README.txt", "bundle.json", "codebook.csv", "data.csv")
        }
        bundle = json.loads(archive.read("bundle.json"))
    assert len(table) == 4
    kinds = [entry["resource"]["resourceType"] for entry in bundle["entry"]]
    assert kinds.count("Group") == 4
    assert {row["urine"] for row in table} == {"positive", "negative"}
    for holder in (lead.pair, second.pair):
        with pytest.raises(crypto.SealError):
            crypto.open_from(holder, box)
    row = ExtractAsk.objects.get()
    assert (row.state, row.digest, row.k) == ("made", making.digest_of(data), 4)


def test_it_is_on_the_trail_of_the_site_and_of_everybody_it_read(
    house, asked, second, lead, people, today
):
    actions.decide(asked, agree=True, by=second, on=today)
    actions.make(asked, by=lead, on=today)

    events = [one.action for one in trail.site_events(site=house.keys, last=3)]
    assert "extract.sealed" in events
    for record in people:
        own = trail.events_about(record.person.log_key, site=house.keys)
        assert [one.action for one in own].count("extract.read") == 1


def test_who_asked_cannot_agree_and_nothing_is_made_unagreed(asked, lead, second, today):
    with pytest.raises(RefusedError, match="another colleague has to agree"):
        actions.decide(asked, agree=True, by=lead, on=today)
    with pytest.raises(RefusedError, match="does not wait for that"):
        actions.make(asked, by=lead, on=today)
    actions.decide(asked, agree=True, by=second, on=today)
    with pytest.raises(RefusedError, match="Whoever asked"):
        actions.make(asked, by=second, on=today)


def test_who_lacks_the_studys_key_neither_asks_nor_agrees(house, study, asked, today):
    other = house.add_staff("bo", Role.ANALYST)

    with pytest.raises(RefusedError, match="hold the study's key"):
        actions.ask(study, Wanted(COLUMNS, 3, LINE), by=other, on=today)
    with pytest.raises(RefusedError, match="hold the study's key"):
        actions.decide(asked, agree=True, by=other, on=today)


def test_an_extract_expires_before_and_after_it_was_agreed_to(asked, lead, second, today):
    late = today + timedelta(days=queries.DAYS + 1)

    assert queries.stage_of(asked, on=late) is Stage.EXPIRED
    with pytest.raises(RefusedError):
        actions.decide(asked, agree=True, by=second, on=late)
    actions.decide(asked, agree=True, by=second, on=today)
    with pytest.raises(RefusedError):
        actions.make(asked, by=lead, on=late)


def test_it_is_made_once_and_a_declined_one_never(asked, study, lead, second, people, today):
    actions.decide(asked, agree=True, by=second, on=today)
    actions.make(asked, by=lead, on=today)
    with pytest.raises(RefusedError, match="ask for it anew"):
        actions.make(asked, by=lead, on=today)
    again = actions.ask(study, Wanted(COLUMNS, 3, LINE), by=lead, on=today)
    actions.decide(again, agree=False, by=second, on=today)
    with pytest.raises(RefusedError):
        actions.make(again, by=lead, on=today)


def test_too_few_people_are_refused_with_the_reason_and_nothing_is_entered(
    asked, lead, second, join, today
):
    join("rmi", OutcomeValues(urine=Urine.POSITIVE))
    actions.decide(asked, agree=True, by=second, on=today)

    with pytest.raises(ExtractError, match="Choose fewer variables"):
        actions.make(asked, by=lead, on=today)

    assert ExtractAsk.objects.get().state == "approved"


def test_a_mistyped_recipient_is_refused(study, lead, today):
    wrong = LINE[:-1] + ("a" if LINE[-1] != "a" else "b")

    with pytest.raises(ExtractError, match="a letter of it is wrong"):
        actions.ask(study, Wanted(COLUMNS, 3, wrong), by=lead, on=today)


@pytest.mark.usefixtures("that_day")
def test_the_way_through_the_pages(house, study, lead, second, people):
    first, other = house.browser(lead), house.browser(second)
    sent = first.post(
        reverse("evidence:extracts", args=[study.pk]),
        {"knowable": ["arm"], "sensitive": ["urine"], "month": "3", "recipient": LINE},
    )

    assert "You cannot agree to what you asked for" in shown(first.get(sent.url))
    assert "4 rows" in shown(other.get(sent.url))
    assert "another colleague has to agree" in shown(first.post(sent.url, {"do": "agree"}))
    other.post(sent.url, {"do": "agree"})
    file = first.post(sent.url, {"do": "make"})
    assert file.content.startswith(SEALED_MARK)
    assert "Made and sealed" in shown(first.get(reverse("evidence:extracts", args=[study.pk])))


@pytest.mark.usefixtures("that_day")
def test_without_the_key_the_list_is_shown_and_nothing_can_be_asked(house, study, asked):
    page = shown(
        house.browser(house.add_staff("bo", Role.ANALYST)).get(
            reverse("evidence:extracts", args=[study.pk])
        )
    )

    assert "Waits for a colleague" in page
    assert "Ask for an extract" not in page
