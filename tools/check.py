"""Judge the whole house: every check runs, and each says in a line how it went.

`python -m tools.check NAME ...` runs only the checks named.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tools.house import texts, translations
from tools.house.places import ROOT, SOURCE

BIN = Path(sys.executable).parent

AUDITING = (
    *("--local", "--skip-editable", "--progress-spinner", "off"),
    *("--format", "json", "--timeout", "20"),
)
Complaint = str
"""What a check found, or nothing when all is well."""


def tool(*command: str, settings: str = "test") -> Complaint:
    """Run one tool; return its words where it found something."""
    with tempfile.TemporaryDirectory() as data:
        environment = {
            **os.environ,
            "FOOTBRIDGE_DATA": data,
            "FOOTBRIDGE_TLS": "yes",
            "DJANGO_SETTINGS_MODULE": f"footbridge.site.settings.{settings}",
        }
        ended = subprocess.run(
            [str(BIN / command[0]), *command[1:]],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    return "" if ended.returncode == 0 else f"{ended.stdout}{ended.stderr}".strip()


def django(*command: str, settings: str = "test") -> Complaint:
    """Run one of Django's commands."""
    return tool("python", "-m", "django", *command, settings=settings)


def requirement_files() -> Complaint:
    """Look for addresses and loose versions in the requirement files."""
    files = sorted((ROOT / "requirements").glob("*.txt"))
    return "\n".join([*texts.addresses(files), *texts.unpinned(files)])


def translated() -> Complaint:
    """Look for sentences without Chinese; extract them anew where gettext is installed."""
    catalogues = sorted(SOURCE.rglob("zh_Hans/LC_MESSAGES/django.po"))
    if not catalogues:
        return "There is no Chinese catalogue (zh_Hans/LC_MESSAGES/django.po) in src."
    complaints = list(translations.catalogue_complaints(catalogues))
    if shutil.which("xgettext"):
        sentences = translations.extracted()
        complaints += translations.missing_from(catalogues[0], sentences)
    else:
        note("gettext is not installed: new sentences were not looked for.")
    return "\n".join(complaints)


def advisories() -> Complaint:
    """Ask the advisory service about every installed package; being offline is no fault."""
    ended = subprocess.run(
        [str(BIN / "pip-audit"), *AUDITING],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        told = json.loads(ended.stdout)["dependencies"]
    except (json.JSONDecodeError, KeyError):
        note("the advisory service could not be reached: nothing was audited.")
        return ""
    asked = [package for package in told if "skip_reason" not in package]
    if len(asked) < len(told):
        note(f"the advisory service answered for {len(asked)} of {len(told)} packages.")
    return "\n".join(
        f"{package['name']} {package['version']}: {found['id']}, "
        f"mended in {', '.join(found['fix_versions']) or 'no version yet'}"
        for package in asked
        for found in package["vulns"]
    )


CHECKS: dict[str, Callable[[], Complaint]] = {
    "format": lambda: tool("ruff", "format", "--check", "."),
    "lint": lambda: tool("ruff", "check", "."),
    "floors": lambda: tool("lint-imports"),
    "types": lambda: tool("mypy"),
    "migrations": lambda: django("makemigrations", "--check", "--dry-run"),
    "deployment": lambda: django("check", "--deploy", "--fail-level", "WARNING", settings="local"),
    "security": lambda: tool("bandit", "-q", "-r", "src", "-ii", "-c", "pyproject.toml"),
    "requirements": requirement_files,
    "advisories": advisories,
    "reference": lambda: tool("python", "tools/reference_docs.py", "--check"),
    "translations": translated,
    "house rules": lambda: tool("python", "-m", "pytest", "-q", "tests/house"),
}


def note(text: str) -> None:
    """Say something that is no fault but should be known."""
    print(f"(note: {text})", end=" ", flush=True)


def main(names: list[str]) -> int:
    """Run the checks; return 1 if one complained."""
    unknown = set(names) - set(CHECKS)
    if unknown:
        print(f"No such check: {', '.join(sorted(unknown))}. There are: {', '.join(CHECKS)}.")
        return 2
    faulty = []
    for name in names or CHECKS:
        print(f"{name:<14}", end="", flush=True)
        began = time.monotonic()
        complaint = CHECKS[name]()
        print(f"{'FAULTY' if complaint else 'ok'}  {time.monotonic() - began:.1f} s", flush=True)
        if complaint:
            faulty.append(name)
            print(complaint, flush=True)
    print(f"Faulty: {', '.join(faulty)}." if faulty else "Every check is content.")
    return 1 if faulty else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
