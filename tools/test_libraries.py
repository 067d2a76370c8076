"""Run the libraries' tests in an environment in which Django is not installed.

The environment, .venv-libraries, holds requirements/libraries.txt and what tests need, in
the versions of requirements/dev.txt, and nothing else.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv-libraries"
PYTHON = VENV / "bin" / "python"
UV = ROOT / ".venv" / "bin" / "uv"
REQUIREMENTS = ROOT / "requirements" / "test-libraries.txt"
FLOOR_0 = ("latent", "grounded", "microsim", "disclosure", "cli")
NO_DJANGO = "import importlib.util, sys; sys.exit(importlib.util.find_spec('django') is not None)"


def main(arguments: list[str]) -> int:
    """Build the environment if it is out of date, then run each library's tests in it."""
    sys.path.insert(0, str(ROOT / "tools"))
    from setup_env import SetupError, digest, run

    stamp = VENV / ".footbridge-packages"
    wanted = digest(REQUIREMENTS)
    try:
        if not stamp.exists() or stamp.read_text() != wanted:
            print("building .venv-libraries (needs the network)", flush=True)
            run([str(UV), "venv", "--clear", "--python", sys.executable, str(VENV)])
            install = [str(UV), "pip", "install", "--python", str(PYTHON)]
            run([*install, "--require-hashes", "-r", str(REQUIREMENTS)])
            stamp.write_text(wanted)
    except SetupError as error:
        print(f"footbridge test-libraries: {error}", file=sys.stderr)
        return 1
    if subprocess.run([str(PYTHON), "-c", NO_DJANGO], check=False).returncode != 0:
        print("Django is installed in .venv-libraries, so this would prove nothing. Remove it.")
        return 1
    present = [name for name in FLOOR_0 if (ROOT / "tests" / name).is_dir()]
    failed = [name for name in present if not passes(name, arguments)]
    print(f"Failed: {', '.join(failed)}." if failed else f"Passed: {', '.join(present)}.")
    return 1 if failed else 0


def passes(library: str, arguments: list[str]) -> bool:
    """Run one library's tests; tests/conftest.py belongs to the site and is cut off."""
    print(f"== {library}", flush=True)
    folder = f"tests/{library}"
    config = ("-c", "tools/pytest-libraries.ini", "--rootdir", ".", "--confcutdir", folder)
    pytest = (str(PYTHON), "-m", "pytest", *config, "-p", "tools.without_deadline", "-n", "2")
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    ended = subprocess.run([*pytest, folder, *arguments], cwd=ROOT, env=environment, check=False)
    return ended.returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
