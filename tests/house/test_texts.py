"""Documents lead somewhere, settings are explained, requirements name no place."""

from __future__ import annotations

import pytest

from tools.house import texts
from tools.house.places import DOCS, ROOT, SOURCE, python_files

PAGES = [*sorted(DOCS.rglob("*.md")), *sorted(ROOT.glob("*.md"))]
REQUIREMENTS = sorted((ROOT / "requirements").glob("*.txt"))


def test_every_link_in_the_documents_leads_somewhere():
    assert list(texts.broken_links(PAGES)) == []


def test_every_setting_is_explained_with_its_true_default():
    read = texts.settings_read(python_files(SOURCE / "site"))

    explained = texts.settings_explained(DOCS / "reference" / "settings.md")

    assert set(explained) == set(read)
    assert {name: explained[name] for name in read if read[name]} == {
        name: default for name, default in read.items() if default
    }


def test_the_documents_mention_no_setting_that_does_not_exist():
    mentioned = texts.settings_mentioned([*DOCS.rglob("*.md"), *ROOT.glob("*.md")])

    assert mentioned <= set(texts.settings_read(python_files(SOURCE / "site")))


def test_requirement_files_name_packages_and_no_place_to_fetch_them_from():
    assert REQUIREMENTS
    assert list(texts.addresses(REQUIREMENTS)) == []


def test_every_requirement_has_an_exact_version_and_a_hash():
    assert list(texts.unpinned(REQUIREMENTS)) == []


@pytest.mark.parametrize(
    "link",
    ["[a](gone.md)", "[a](there.md#gone)", "![a](gone.png)", "[a](#gone)", '[a](gone.md "t")'],
)
def test_a_link_that_leads_nowhere_is_noticed(tmp_path, link):
    (tmp_path / "there.md").write_text("# There is one\n")
    page = tmp_path / "page.md"
    page.write_text(f"# Page\n\nSee {link}.\n")

    assert len(list(texts.broken_links([page]))) == 1


def test_links_that_lead_somewhere_and_links_inside_examples_are_left_alone(tmp_path):
    (tmp_path / "there.md").write_text("# There, *is* one: `code`\n")
    page = tmp_path / "page.md"
    page.write_text(
        "# Page\n[a](there.md) [b](there.md#there-is-one-code) [c](#page) [d](https://e.org/x)\n"
        "```text\n[e](gone.md)\n```\n"
    )

    assert list(texts.broken_links([page])) == []


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https://example.org/simple",
        "--extra-index-url file:///srv/simple",
        "-i somewhere",
        "-f /srv/wheels",
        "--find-links /srv/wheels",
        "a @ https://example.org/a.whl",
    ],
)
def test_a_place_to_fetch_from_is_noticed(tmp_path, line):
    path = tmp_path / "r.txt"
    path.write_text(f"a==1 \\\n    --hash=sha256:00\n{line}\n")

    assert len(list(texts.addresses([path]))) == 1


@pytest.mark.parametrize("line", ["a", "a>=1", "a==1", "a --hash=sha256:00"])
def test_a_requirement_without_version_or_hash_is_noticed(tmp_path, line):
    path = tmp_path / "r.txt"
    path.write_text(f"b==1.2 ; python_version < '3.12' \\\n    --hash=sha256:00\n{line}\n")

    assert len(list(texts.unpinned([path]))) == 1
