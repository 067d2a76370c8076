"""Written, read and written again: the same instrument, the same bytes."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from fhir.resources.R4B.questionnaire import Questionnaire
from hypothesis import given, settings

from footbridge.journey.assessments import definitions, instruments
from footbridge.journey.assessments.exchange import files, matching
from footbridge.journey.assessments.exchange.files import Shape
from footbridge.journey.assessments.exchange.redcap import field_name
from footbridge.journey.assessments.rules import Condition, Instrument, Item
from footbridge.journey.consents.rules import Language
from tests.journey.assessments.exchange import made

EN, ZH = Language.EN, Language.ZH


def read_back(instrument: Instrument, shape: Shape, language: Language = EN) -> Instrument:
    """Return what a written instrument becomes when it is loaded as a new one."""
    data = files.write(instrument, shape, language=language)
    assert files.shape_of(data) is shape
    sheet, ledger = files.read(data, language=language)
    assert ledger.errors == ()
    return definitions.parse(matching.made_new(sheet, matching.Given(language), ledger))


def questions(instrument, *, languages=(EN, ZH), name=str):
    """Return all that is asked and how it counts, with names as a format writes them."""
    return [
        (
            name(item.id),
            [item.words.get(one) for one in languages],
            [item.hint.get(one) for one in languages],
            [
                (option.value, option.points, [option.words.get(one) for one in languages])
                for option in item.options
            ],
            item.numbers,
            [(name(one.item), sorted(one.values)) for one in item.show_when],
            (item.reverse, item.unasked, item.safety_at),
        )
        for item in instrument.items
    ]


@pytest.mark.parametrize("shape", [Shape.XLSFORM, Shape.FHIR])
def test_everything_of_an_instrument_survives_a_file_of_two_languages(shape):
    instrument = made.by_hand()

    found = read_back(instrument, shape)

    assert questions(found) == questions(instrument)
    assert definitions.written(found) == definitions.written(instrument)


@pytest.mark.parametrize("shape", [Shape.REDCAP, Shape.REDCAP_ZIP])
@pytest.mark.parametrize("language", Language)
def test_everything_of_one_language_survives_redcap(shape, language):
    instrument = made.by_hand()

    found = read_back(instrument, shape, language)

    wanted = questions(instrument, languages=(language,), name=field_name)
    assert questions(found, languages=(language,)) == wanted
    assert found.languages == {language}
    assert [scale.items for scale in found.scales] == [("sleep", "wake_up", "rested"), ("rested",)]
    assert found.scales[0].bands == instrument.scales[0].bands


@settings(max_examples=12)
@given(made.instruments())
def test_any_instrument_survives_every_shape(instrument):
    for shape in (Shape.FHIR, Shape.XLSFORM):
        assert questions(read_back(instrument, shape)) == questions(instrument)
    for language in Language:
        found = read_back(instrument, Shape.REDCAP, language)
        wanted = questions(instrument, languages=(language,), name=field_name)
        # A bar parts choices in REDCap, so that it cannot stand in one.
        assert str(questions(found, languages=(language,))).replace("|", "/") == str(
            wanted
        ).replace("|", "/")


@settings(max_examples=6)
@given(made.instruments())
def test_written_again_it_is_the_same_bytes(instrument):
    for shape in Shape:
        once = read_back(instrument, shape)
        twice = read_back(once, shape)

        assert files.write(once, shape, language=EN) == files.write(twice, shape, language=EN)


@settings(max_examples=12)
@given(made.instruments())
def test_any_questionnaire_is_valid_by_the_models_of_a_library_of_its_own(instrument):
    data = files.write(instrument, Shape.FHIR, language=EN)

    found = Questionnaire.model_validate_json(data)

    asked = [item for item in found.item if item.type != "display"]
    assert [item.linkId for item in asked] == [item.id for item in instrument.items]


@pytest.mark.django_db
@pytest.mark.parametrize("shape", Shape)
def test_every_instrument_of_the_house_with_words_survives(shape):
    for instrument in instruments.packaged().values():
        if not instrument.worded:
            continue
        name = field_name if shape in {Shape.REDCAP, Shape.REDCAP_ZIP} else str
        found = read_back(instrument, shape)
        languages = (EN,) if name is field_name else (EN, ZH)
        assert questions(found, languages=languages) == questions(
            instrument, languages=languages, name=name
        )


@pytest.mark.parametrize("shape", Shape)
def test_items_that_are_called_by_their_numbers_survive(shape):
    items = [Item(str(at), {EN: f"Sentence {at}"}, made.options(1, 2)) for at in (1, 2)]
    items[1] = replace(items[1], show_when=(Condition("1", frozenset({2})),))
    instrument = made.an_instrument(items, languages=frozenset({EN}))

    found = read_back(instrument, shape)

    name = str if shape is Shape.FHIR else field_name
    assert questions(found, languages=(EN,)) == questions(instrument, languages=(EN,), name=name)
    assert found.scales[0].items == tuple(item.id for item in found.items)


def test_a_file_cannot_call_itself_tested():
    instrument = made.an_instrument(made.by_hand().items[:1], validated=True)

    assert not read_back(instrument, Shape.FHIR).validated


def test_a_questionnaire_without_a_known_licence_says_nothing_of_one():
    instrument = made.an_instrument(made.by_hand().items[:1], licence="", instruction={})

    found = Questionnaire.model_validate_json(files.write(instrument, Shape.FHIR, language=EN))

    assert found.copyright is None
    assert read_back(instrument, Shape.FHIR).licence == ""


def test_a_questionnaire_names_neither_the_site_nor_a_moment():
    found = json.loads(files.write(made.by_hand(), Shape.FHIR, language=EN))

    assert not {"date", "publisher", "contact", "meta"} & set(found)
    assert found["url"].startswith("urn:uuid:")
