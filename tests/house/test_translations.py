"""Every sentence has its Chinese, sure of itself and with the same values."""

from __future__ import annotations

import pytest

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
