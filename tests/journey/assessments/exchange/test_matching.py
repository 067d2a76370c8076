"""A site's own wording laid on a scoring key, from files as their owners would send them."""

from __future__ import annotations

import csv
import io

import pytest

from footbridge.journey.assessments import definitions, instruments
from footbridge.journey.assessments.exchange import draft, files, matching, redcap
from footbridge.journey.assessments.exchange.files import Shape
from footbridge.journey.assessments.exchange.matching import Given
from footbridge.journey.assessments.exchange.sheet import RefusedFileError
from footbridge.journey.assessments.rules import Item
from footbridge.journey.assessments.scoring import score
from footbridge.journey.consents.rules import Language
from tests.journey.assessments.exchange import made

EN, ZH = Language.EN, Language.ZH
pytestmark = pytest.mark.django_db
RSES = ("rses", 1)
GIVEN = Given(EN, wording="Words made up for a test.")


def dictionary(rows, *, form="self"):
    """Return a REDCap data dictionary as REDCap writes it: long headers, a record's number."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(redcap.COLUMNS.values()), restval="")
    writer.writerow({name: shown for shown, name in redcap.COLUMNS.items()})
    first = {"field_name": "record_id", "field_type": "text", "field_label": "Record"}
    for row in [first, *rows]:
        writer.writerow({"form_name": form} | row)
    return out.getvalue().encode()


def ten(*, choices="1, Not so | 2, Hardly | 3, Rather | 4, Quite so", name="rse{}"):
    """Return ten radio fields in our own words."""
    return [
        {
            "field_name": name.format(at),
            "field_type": "radio",
            "field_label": f"Sentence {at} about myself",
            "select_choices_or_calculations": choices,
        }
        for at in range(1, 11)
    ]


def laid(rows, **options):
    """Return what a dictionary becomes on the key of the RSES."""
    return draft.read(dictionary(rows, **options), RSES, GIVEN)


def test_ten_questions_in_their_order_become_the_wording_and_keep_the_keys_scoring():
    key = instruments.packaged()[RSES]

    found = laid(ten())

    worded = found.instrument
    assert worded.worded == {EN}
    assert worded.title == key.title
    assert [item.words[EN] for item in worded.items][2] == "Sentence 3 about myself"
    assert [item.reverse for item in worded.items] == [item.reverse for item in key.items]
    assert [one.note for one in found.notes] == [True]
    answers = {item.id: 4 for item in key.items}
    assert score(worded, answers)["total"].value == score(key, answers)["total"].value


def test_answers_counted_from_nought_are_matched_in_rising_order_and_it_is_said():
    found = laid(ten(choices="0, Not so | 1, Hardly | 2, Rather | 3, Quite so"))

    (option, *_) = found.instrument.items[0].options
    assert (option.value, option.words[EN]) == (1, "Not so")
    assert sum("rising order" in one.sentence for one in found.notes) == 10


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (ten()[:9], "9 questions"),
        (ten(choices="1, Not so | 2, So"), "has the answers"),
        (ten(choices="1, Not so | 2, Hardly | 4, Rather | 8, Quite so"), "has the answers"),
        ([ten()[0] | {"field_label": ""}, *ten()[1:]], "has no words"),
        ([ten()[0] | {"identifier": "y"}, *ten()[1:]], "Nothing here says who"),
        ([ten()[0] | {"field_type": "notes"}, *ten()[1:]], "names slip in"),
        ([ten()[0] | {"field_type": "file"}, *ten()[1:]], "who somebody is"),
        ([ten()[0] | {"field_name": "rse2"}, *ten()[1:]], "the same name"),
        ([ten()[0] | {"field_label": "=1+1"}, *ten()[1:]], "formula"),
        ([ten()[0] | {"field_label": "x" * 5000}, *ten()[1:]], "longer than"),
        ([ten()[0] | {"branching_logic": "[later] = 1"}, *ten()[1:]], "no earlier question"),
        ([ten()[0] | {"select_choices_or_calculations": "a, b | c, d"}, *ten()[1:]], "no choice"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_with_the_row_and_what_to_do(rows, why):
    with pytest.raises(RefusedFileError) as refused:
        laid(rows)

    said = [problem.say() for problem in refused.value.problems]
    assert any(why in one for one in said), said


def test_every_problem_is_told_at_once_with_the_row_that_a_spreadsheet_shows():
    rows = ten()
    rows[1] |= {"field_type": "notes"}
    rows[4] |= {"identifier": "y"}

    with pytest.raises(RefusedFileError) as refused:
        laid(rows)

    assert [one.where for one in refused.value.problems] == ["4", "7"]


def test_columns_named_as_redcaps_interface_names_them_are_read_as_well():
    text = dictionary(ten()).decode()
    for shown, name in redcap.COLUMNS.items():
        text = text.replace(f'"{shown}"' if "," in shown else shown, name, 1)

    found = draft.read(text.encode("utf-8-sig"), RSES, GIVEN)

    assert found.instrument.worded == {EN}


def test_mark_up_of_a_label_is_left_out_and_said():
    rows = [ten()[0] | {"field_label": "<div><p>Sentence&nbsp;one</p></div>"}, *ten()[1:]]

    found = laid(rows)

    assert found.instrument.items[0].words[EN] == "Sentence one"
    assert any("formatting" in one.sentence for one in found.notes)


def test_of_several_forms_the_named_one_is_taken_and_without_a_name_none():
    data = dictionary(ten(), form="self") + dictionary(ten(), form="other").partition(b"\r\n")[2]

    with pytest.raises(RefusedFileError, match="problems") as refused:
        draft.read(data, RSES, GIVEN)

    assert "self, other" in refused.value.problems[0].say()
    assert draft.read(data, RSES, GIVEN, form="self").instrument.worded == {EN}


def test_names_of_the_key_are_found_in_any_order_and_other_questions_left_out():
    rows = ten(name="q_{}")
    more = {"field_name": "mood", "field_type": "yesno", "field_label": "Fine?"}

    found = laid([more, *reversed(rows)])

    assert found.instrument.items[0].words[EN] == "Sentence 1 about myself"
    assert any("left out" in one.sentence for one in found.notes)


def test_a_second_language_is_added_to_the_first(house):
    boss = house.add_staff("boss", role_of("coordinator"))
    instruments.load(laid(ten()).definition, by=boss, on=house.on)
    chinese = [row | {"field_label": "关于我自己的一句话"} for row in ten()]
    choices = "1, 不 | 2, 不太 | 3, 比较 | 4, 很"
    chinese = [row | {"select_choices_or_calculations": choices} for row in chinese]

    second = draft.read(dictionary(chinese), RSES, Given(ZH, wording="试用文字"))
    instruments.load(second.definition, by=boss, on=house.on)

    loaded = instruments.instrument(*RSES)
    assert loaded.worded == {EN, ZH}
    assert loaded.items[0].words == {EN: "Sentence 1 about myself", ZH: "关于我自己的一句话"}


def role_of(name):
    """Return a role by its code."""
    from footbridge.trust.access.rules import Role

    return Role(name)


def test_something_new_without_scoring_is_added_up_and_marked_as_not_tested():
    given = Given(EN, wording="Ours.", id="my-form", title="My form", reverse=frozenset({"rse2"}))

    found = draft.read(dictionary(ten()), None, given).instrument

    assert (found.id, found.validated, found.title[EN]) == ("my-form", False, "My form")
    assert [item.id for item in found.items if item.reverse] == ["rse2"]
    assert score(found, {item.id: 1 for item in found.items})["total"].value == 9 * 1 + 4


def test_a_reversed_question_that_the_file_does_not_have_is_refused():
    with pytest.raises(RefusedFileError) as refused:
        draft.read(dictionary(ten()), None, Given(EN, reverse=frozenset({"zzz"})))

    assert "zzz" in refused.value.problems[0].say()


def test_a_draft_that_waited_in_a_session_is_the_same_draft():
    found = laid(ten())

    again = draft.Draft.of(found.kept())

    assert definitions.written(again.instrument) == definitions.written(found.instrument)
    assert [one.say() for one in again.notes] == [one.say() for one in found.notes]


def test_an_export_of_one_site_is_the_wording_of_another():
    worded = laid(ten()).instrument

    for shape in Shape:
        sheet, ledger = files.read(files.write(worded, shape, language=EN), language=EN)
        again = matching.laid_on(instruments.packaged()[RSES], sheet, GIVEN, ledger)

        assert definitions.parse(again).items == worded.items


def test_a_number_must_have_the_keys_own_ends():
    numbered = Item("a", {}, (), numbers=made.Range(0, 7))
    key = made.an_instrument([numbered])
    other = made.an_instrument([Item("a", {EN: "Days?"}, (), numbers=made.Range(0, 9))])
    sheet, ledger = files.read(files.write(other, Shape.FHIR, language=EN), language=EN)

    with pytest.raises(RefusedFileError) as refused:
        matching.laid_on(key, sheet, GIVEN, ledger)

    assert "from 0 to 7" in refused.value.problems[0].say()
