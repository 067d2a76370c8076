"""Tags and filters of every page."""

from datetime import date

import pytest
from django import forms
from django.template import Context, Template, TemplateSyntaxError
from django.utils.translation import override

from footbridge.site.templatetags.footbridge import day, month, week
from footbridge.site.templatetags.icons import DRAWINGS
from footbridge.site.templatetags.states import LOOKS, TONES
from footbridge.trust.weeks import IsoWeek


def rendered(source: str, **values: object) -> str:
    return Template("{% load footbridge %}" + source).render(Context(values))


class Checkup(forms.Form):
    days_used = forms.IntegerField(label="Days of use", help_text="In 90 days.", max_value=90)
    where = forms.ChoiceField(
        label="Where", choices=[("a", "Outside"), ("b", "Inside")], widget=forms.RadioSelect
    )
    note = forms.CharField(label="Note", widget=forms.Textarea, required=False)


@pytest.mark.parametrize(
    ("language", "expected"), [("en", "21 Nov 2026"), ("zh-hans", "2026年11月21日")]
)
def test_a_day_is_written_as_its_reader_writes_it(language, expected):
    with override(language):
        assert day(date(2026, 11, 21)) == expected


@pytest.mark.parametrize(("language", "expected"), [("en", "Nov 2026"), ("zh-hans", "2026年11月")])
def test_a_month_is_written_as_its_reader_writes_it(language, expected):
    with override(language):
        assert month(date(2026, 11, 21)) == expected


def test_a_week_is_told_by_its_monday():
    with override("en"):
        assert week(IsoWeek(2026, 47)) == "week of 16 Nov 2026"


@pytest.mark.parametrize("write", [day, month, week])
def test_no_day_is_written_as_nothing(write):
    assert write(None) == ""


def test_an_icon_is_passed_over_by_a_screen_reader():
    assert 'aria-hidden="true"' in rendered('{% icon "link" %}')


def test_an_unknown_icon_is_refused_with_the_known_ones():
    with pytest.raises(TemplateSyntaxError, match="Use one of: back, bed"):
        rendered('{% icon "crest" %}')


@pytest.mark.parametrize("name", LOOKS)
def test_every_state_has_a_word_a_drawing_and_a_tone(name):
    look = LOOKS[name]

    shown = rendered("{% state name %}", name=name)

    assert str(look.word) in shown
    assert DRAWINGS[look.icon] in shown
    assert look.tone in TONES


def test_an_unknown_state_is_refused():
    with pytest.raises(TemplateSyntaxError, match="no shared state 'relapsed'"):
        rendered('{% state "relapsed" %}')


def test_the_word_of_a_tag_cannot_bring_markup():
    shown = rendered('{% tag word icon="bed" %}', word="<b>bed</b>")

    assert "&lt;b&gt;bed&lt;/b&gt;" in shown


def test_a_notice_keeps_its_content_and_escapes_its_values():
    shown = rendered('{% notice "caution" %}<p>{{ said }}</p>{% endnotice %}', said="<script>")

    assert "<p>&lt;script&gt;</p>" in shown
    assert "notice caution" in shown


def test_a_notice_knows_the_levels_of_messages():
    assert "notice danger" in rendered('{% notice "error" %}x{% endnotice %}')


def test_an_unknown_notice_is_refused():
    with pytest.raises(TemplateSyntaxError, match="no notice 'alarm'"):
        rendered('{% notice "alarm" %}x{% endnotice %}')


def test_no_browser_is_asked_to_remember_or_to_send_away_what_is_typed():
    shown = rendered("{{ form }}", form=Checkup())

    assert shown.count('autocomplete="off"') == 4  # number, two radios, note
    assert shown.count('spellcheck="false"') == 1


def test_a_widget_that_asks_for_its_own_autocomplete_keeps_it():
    class Code(forms.Form):
        code = forms.CharField(widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}))

    assert 'autocomplete="one-time-code"' in rendered("{{ form }}", form=Code())


def test_a_question_is_joined_to_its_hint_and_its_error():
    shown = rendered("{{ form }}", form=Checkup({"days_used": "91", "where": "a"}))

    assert 'aria-describedby="id_days_used_helptext id_days_used_error"' in shown
    assert 'id="id_days_used_helptext"' in shown
    assert 'id="id_days_used_error"' in shown


def test_the_summary_of_errors_links_to_the_first_control_of_each_question():
    shown = rendered("{{ form }}", form=Checkup({}))

    assert '<a href="#id_days_used">' in shown
    assert '<a href="#id_where_0">' in shown
    assert 'id="id_where_0"' in shown


def test_a_form_without_errors_has_no_summary():
    assert "error-summary" not in rendered("{{ form }}", form=Checkup())


def test_radios_are_a_field_set_with_a_legend():
    shown = rendered("{{ form.where.as_field_group }}", form=Checkup())

    assert shown.startswith('<fieldset class="field radioselect"')
    assert "<legend>Where</legend>" in shown


def test_only_questions_that_may_be_left_out_say_so():
    with override("en"):
        shown = rendered("{{ form }}", form=Checkup())

    assert shown.count("(optional)") == 1


def test_columns_of_numbers_stand_right_and_others_do_not():
    shown = rendered(
        "{% table 'Cascade' columns rows %}",
        columns=["Stage", "People", "Share", "Since"],
        rows=[["In need", "<5", "48 %", "5 Mar 2026"], ["Linked", 1_204, "–", "6 Mar 2026"]],
    )

    assert shown.count('<th scope="col" role="columnheader" class="number">') == 2
    assert '<td role="cell" data-label="Since">5 Mar 2026</td>' in shown


def test_a_row_of_the_wrong_length_is_refused():
    with pytest.raises(TemplateSyntaxError, match="1 cells and there are 2 columns"):
        rendered("{% table 'T' columns rows %}", columns=["A", "B"], rows=[["a"]])


def test_a_calendar_asks_for_every_day_and_keeps_the_answers():
    shown = rendered(
        '{% use_calendar "use" starts=first days=90 values=values %}',
        first=date(2026, 8, 24),
        values=["1", "0"],
    )

    assert shown.count("<select ") == 90
    assert shown.count('<option value="1" selected>') == 1
    assert shown.count('<option value="0" selected>') == 1
    assert 'name="use-89" data-day="21 Nov 2026"' in shown
