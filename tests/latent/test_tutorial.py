"""The tutorial runs as it is printed."""

import re
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "tutorials" / "latent-trial.md"


def test_the_tutorial_runs(capsys):
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(), flags=re.DOTALL)
    code = code.replace("200, seed=1", "20, seed=1")

    exec(compile(code, str(PAGE), "exec"), {})

    printed = capsys.readouterr().out
    assert "draws usable" in printed
    assert "indirect" in printed
