"""The tutorial runs as it is printed, and shows what it promises."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "tutorials" / "latent-trial.md"
FROM_LAVAAN = ROOT / "docs" / "how-to" / "from-lavaan.md"
ATTRITION = ROOT / "docs" / "how-to" / "attrition.md"
ALIKE = ROOT / "docs" / "how-to" / "measured-alike.md"


def _run(page, **known):
    code = "\n".join(re.findall(r"```python\n(.*?)```", page.read_text(), flags=re.DOTALL))
    space = dict(known)
    exec(compile(code, str(page), "exec"), space)
    return space


def test_the_tutorial_runs_and_counts_lost_draws(capsys):
    space = _run(PAGE)

    printed = capsys.readouterr().out
    draws, effects = space["draws"], space["effects"]
    assert "draws usable" in printed
    assert "no threshold for crime" in draws.counts
    assert sum(draws.counts.values()) == 200
    assert {"through", "around", "total"} <= set(draws.intervals()["name"])
    assert abs(effects.total - effects.direct - effects.indirect) < 1e-12
    assert effects.indirect > 0
    assert (space["folder"] / "trial.svg").read_text().startswith("<svg")


def test_the_page_for_lavaan_users_runs(capsys):
    _run(FROM_LAVAAN)

    assert "Latent Variables" in capsys.readouterr().out


def test_the_page_about_invariance_finds_and_frees_what_it_planted():
    space = _run(ALIKE)

    assert 'partial=["c2 ~ 1"]' in space["steps"].advice()[0]
    assert space["freed"].advice() == ()
    assert 0.15 < space["growth"]["est"].item() < 0.45


def test_the_page_on_people_who_leave_shows_what_it_says(capsys):
    mean = _run(ATTRITION)["mean"]

    assert "Pooled by Rubin's rules" in capsys.readouterr().out
    for name in ("dropped", "full"):
        assert mean[name] < mean["whole"] - 0.2
    for name in ("informed", "pooled"):
        assert abs(mean[name] - mean["whole"]) < 0.12


def test_the_commands_on_the_pages_exist():
    from footbridge.cli.main import main

    for page in (PAGE, FROM_LAVAAN, ALIKE, ATTRITION):
        for line in re.findall(r"^footbridge (.*)$", page.read_text(), flags=re.MULTILINE):
            name, *words = line.split()
            command = main.get_command(None, name)
            known = {option for p in command.params for option in p.opts}
            assert {w for w in words if w.startswith("--")} <= known
