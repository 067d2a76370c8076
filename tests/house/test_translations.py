"""Every sentence has its Chinese, sure of itself and with the same values."""

from __future__ import annotations

import shutil

import polib
import pytest

from tools import messages
from tools.house import translations
from tools.house.places import SOURCE

CATALOGUES = sorted(SOURCE.rglob("zh_Hans/LC_MESSAGES/django.po"))
HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


def test_the_chinese_catalogue_is_complete():
    assert CATALOGUES
    assert list(translations.catalogue_complaints(CATALOGUES)) == []


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ('msgid "Plan"\nmsgstr ""\n', "missing"),
        ('#, fuzzy\nmsgid "Plan"\nmsgstr "计划"\n', "unsure"),
        ('msgid "{count} people"\nmsgstr "人"\n', "values differ"),
        ('msgid "{count} people"\nmsgstr "{number} 人"\n', "values differ"),
        ('msgid "%(count)s people"\nmsgstr "人"\n', "values differ"),
    ],
)
def test_a_faulty_sentence_is_found(tmp_path, entry, complaint):
    path = tmp_path / "django.po"
    path.write_text(HEAD + entry, encoding="utf-8")

    (found,) = translations.catalogue_complaints([path])

    assert complaint in found


def test_a_whole_sentence_and_one_no_longer_used_are_left_alone(tmp_path):
    path = tmp_path / "django.po"
    path.write_text(
        HEAD + 'msgid "{count} people"\nmsgstr "{count} 人"\n\n#~ msgid "Old"\n#~ msgstr ""\n',
        encoding="utf-8",
    )

    assert list(translations.catalogue_complaints([path])) == []


needs_gettext = pytest.mark.skipif(
    shutil.which("xgettext") is None, reason="gettext's tools are not installed"
)
CODE = """
from footbridge.trust.decisions import gettext_noop
SENTENCE = gettext_noop("{count} of {most} places are taken.")
"""
PAGE = """{% load i18n %}{% translate "Plan" %}
{% blocktranslate count n=n %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}"""


@pytest.fixture
def sentences(tmp_path):
    """What is extracted from a small source of rules and pages."""
    source = tmp_path / "source"
    source.mkdir()
    (source / "rules.py").write_text(CODE)
    (source / "page.html").write_text(PAGE)
    return translations.extracted(source)


@needs_gettext
def test_sentences_of_rules_and_pages_are_found(sentences):
    assert {entry.msgid for entry in sentences} == {
        "{count} of {most} places are taken.",
        "Plan",
        "%(n)s day",
    }


@needs_gettext
def test_a_sentence_that_the_catalogue_lacks_is_found(sentences, tmp_path):
    path = tmp_path / "django.po"
    path.write_text(HEAD + 'msgid "Plan"\nmsgstr "计划"\n', encoding="utf-8")

    complaints = list(translations.missing_from(path, sentences))

    assert len(complaints) == 2
    assert not any("'Plan'" in complaint for complaint in complaints)


@needs_gettext
def test_updating_keeps_what_is_translated_and_drops_what_is_not_used(
    sentences, tmp_path, monkeypatch
):
    path = tmp_path / "django.po"
    path.write_text(
        HEAD + 'msgid "Plan"\nmsgstr "计划"\n\nmsgid "Old"\nmsgstr "旧"\n', encoding="utf-8"
    )
    monkeypatch.setattr(messages, "CATALOGUE", path)

    messages.merged(sentences).save(str(path))

    updated = {entry.msgid: entry.msgstr for entry in polib.pofile(str(path))}
    assert updated["Plan"] == "计划"
    assert updated["{count} of {most} places are taken."] == ""
    assert "Old" not in updated
    assert list(translations.missing_from(path, sentences)) == []
