"""Files and functions fit a screen, and the stylesheet fits a slow line."""

from __future__ import annotations

from tools.house import sizes
from tools.house.places import ROOT, SOURCE, TESTS, python_files

CODE = [*python_files(SOURCE, TESTS, ROOT / "tools", ROOT / "benchmarks")]


def test_no_file_of_the_house_is_longer_than_the_limit():
    pages = [p for kind in ("*.html", "*.js") for p in SOURCE.rglob(kind)]

    assert list(sizes.long_files([*CODE, *pages])) == []


def test_every_function_fits_a_screen():
    assert list(sizes.long_functions(CODE)) == []


def test_the_stylesheet_weighs_no_more_than_promised():
    assert list(sizes.heavy_stylesheets(sorted(SOURCE.rglob("*.css")))) == []


def test_a_file_one_line_too_long_is_noticed(tmp_path):
    (tmp_path / "fits.py").write_text("x = 1\n" * 400)
    (tmp_path / "long.py").write_text("x = 1\n" * 401)

    complaints = list(sizes.long_files(python_files(tmp_path)))

    assert [c.split(":")[0] for c in complaints] == ["long.py"]


def test_a_docstring_does_not_count_as_length_but_a_line_of_code_does(tmp_path):
    docstring = '    """' + "word\n    " * 60 + '"""\n'
    (tmp_path / "fits.py").write_text("def f():\n" + docstring + "    x = 1\n" * 39)
    (tmp_path / "long.py").write_text("def g():\n" + docstring + "    x = 1\n" * 40)

    complaints = list(sizes.long_functions(python_files(tmp_path)))

    assert len(complaints) == 1
    assert "g has 41 lines" in complaints[0]


def test_stylesheets_are_weighed_together(tmp_path):
    for name in ("a.css", "b.css"):
        (tmp_path / name).write_text("x" * 13 * 1024)

    assert list(sizes.heavy_stylesheets([tmp_path / "a.css"])) == []
    assert len(list(sizes.heavy_stylesheets(sorted(tmp_path.glob("*.css"))))) == 1
