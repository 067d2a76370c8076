"""A site lays its wording over a scoring key; the scoring stays the key's."""

import pytest

from footbridge.journey.assessments import definitions, instruments
from footbridge.journey.assessments.merging import merged
from footbridge.journey.assessments.models import LoadedInstrument
from footbridge.journey.assessments.rules import AssessmentError
from footbridge.journey.assessments.scoring import score
from footbridge.journey.consents.rules import Language
from footbridge.trust.access.rules import Role
from footbridge.trust.decisions import RefusedError


def own(language="en", values=(0, 1), items=("a", "b"), **changes):
    words = {language: "words of the site"}
    return {
        "id": "sites-own",
        "version": 1,
        "languages": [language],
        "licence": "the site's",
        "validated": True,
        "source": "a book",
        "title": {language: "A scale of the site"},
        "instruction": {},
        "options": [{"value": value, "words": words} for value in values],
        "items": [{"id": item, "words": {language: f"{item} in {language}"}} for item in items],
        "scales": [
            {
                "id": "total",
                "title": {language: "total"},
                "method": "sum",
                "at_most_missing": 0,
                "items": list(items),
            }
        ],
        **changes,
    }


@pytest.fixture
def coordinator(house):
    return house.add_staff("mei", role=Role.COORDINATOR)


def test_an_instrument_of_the_site_can_be_asked_once_it_is_loaded(coordinator, today):
    instruments.load(own(), by=coordinator, on=today)

    assert instruments.instrument("sites-own", 1).items[0].words[Language.EN] == "a in en"


def test_a_second_language_joins_the_first(coordinator, today):
    instruments.load(own("en"), by=coordinator, on=today)
    instruments.load(own("zh"), by=coordinator, on=today)

    assert instruments.instrument("sites-own", 1).worded == frozenset(Language)
    assert LoadedInstrument.objects.count() == 1


def test_a_case_worker_loads_nothing(house, worker, today):
    with pytest.raises(RefusedError):
        instruments.load(own(), by=worker, on=today)

    assert LoadedInstrument.objects.count() == 0


def test_the_houses_own_words_are_not_replaced(coordinator, today):
    check = definitions.written(instruments.instrument("recovery-capital-check", 1))

    with pytest.raises(AssessmentError, match="own words"):
        instruments.load(check, by=coordinator, on=today)


@pytest.mark.parametrize("wording", [own(values=(0, 1, 2)), own(items=("b", "a"))])
def test_words_that_do_not_fit_the_key_are_refused(wording):
    with pytest.raises(AssessmentError, match="does not fit"):
        merged(definitions.parse(own()), definitions.parse(wording))


def test_the_scoring_of_a_key_is_not_changed_by_wording():
    backwards = own("zh", at_most_missing_share=0.5)
    backwards["items"][0]["reverse"] = True

    found = merged(definitions.parse(own()), definitions.parse(backwards))

    assert not found.items[0].reverse
    assert found.at_most_missing_share is None
    assert found.items[0].words == {Language.EN: "a in en", Language.ZH: "a in zh"}


def test_a_file_that_scores_otherwise_needs_a_new_version(coordinator, today):
    instruments.load(own(), by=coordinator, on=today)
    turned = own()
    turned["items"][0]["reverse"] = True

    with pytest.raises(AssessmentError, match="next version number"):
        instruments.load(turned, by=coordinator, on=today)
    instruments.load({**turned, "version": 2}, by=coordinator, on=today)

    assert not instruments.instrument("sites-own", 1).items[0].reverse
    assert instruments.instrument("sites-own", 2).items[0].reverse


def test_better_words_in_the_same_language_take_the_place_of_the_old(coordinator, today):
    instruments.load(own(), by=coordinator, on=today)
    better = own()
    better["items"][0]["words"]["en"] = "a, said better"

    instruments.load(better, by=coordinator, on=today)

    assert instruments.instrument("sites-own", 1).items[0].words[Language.EN] == "a, said better"


def test_words_that_are_taken_out_leave_the_scoring_and_come_back_with_the_file(coordinator, today):
    before = instruments.load(own(), by=coordinator, on=today)

    out = instruments.take_words_out(("sites-own", 1), by=coordinator, on=today)
    kept = str(LoadedInstrument.objects.get().definition)
    again = instruments.load(own(), by=coordinator, on=today)

    assert not out.worded
    assert score(out, {"a": 1, "b": 1}) == score(before, {"a": 1, "b": 1})
    assert "words of the site" not in kept
    assert "a in en" not in kept
    assert again.worded == {Language.EN}


def test_a_key_of_the_house_is_what_it_was_once_the_words_are_out(coordinator, today):
    key = instruments.packaged()["gad-7", 1]
    definition = definitions.written(key)
    for item in definition["items"]:
        item["words"] = {"en": "words"}
        for option in item["options"]:
            option["words"] = {"en": "words"}
    instruments.load(definition, by=coordinator, on=today)
    assert instruments.has_loaded_words(("gad-7", 1))

    assert instruments.take_words_out(("gad-7", 1), by=coordinator, on=today) == key
    assert not instruments.has_loaded_words(("gad-7", 1))


def test_words_that_nobody_loaded_cannot_be_taken_out(coordinator, worker, today):
    with pytest.raises(AssessmentError, match="none to take out"):
        instruments.take_words_out(("recovery-capital-check", 1), by=coordinator, on=today)
    with pytest.raises(RefusedError):
        instruments.take_words_out(("gad-7", 1), by=worker, on=today)


def test_the_page_asks_before_the_words_go(house, coordinator, today):
    instruments.load(own(), by=coordinator, on=today)
    browser = house.browser(coordinator)
    at = "/instruments/sites-own/1/"
    assert f"{at}words-out/" in browser.get(at).content.decode()

    browser.get(f"{at}words-out/")
    assert instruments.has_loaded_words(("sites-own", 1))
    browser.post(f"{at}words-out/")

    assert not instruments.has_loaded_words(("sites-own", 1))
    assert f"{at}words-out/" not in browser.get(at).content.decode()
