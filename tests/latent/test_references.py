"""Every reference file: matched, rightly refused, or named with what is missing."""

import os
from pathlib import Path

import pytest
import reference_results as references

pytestmark = pytest.mark.skipif(
    not references.REFERENCES.exists(), reason="the shared reference results are not here"
)
#: file -> what is missing. A file leaves this list when it matches; the test insists on it.
GAPS = {
    "bad_conflict": "refused on purpose: contradictory constraints (lavaan accepts them silently)",
}
GOOD = {
    "refused as it should be",
    "warned as it should be",
    "no solution, as it should say",
    "not run",
}
NAMES = references.names() if references.REFERENCES.exists() else []


@pytest.mark.parametrize("name", NAMES)
def test_a_reference_file_is_matched_or_its_gap_is_named(name):
    found = references.outcome(name)

    good = found.matched or found.status in GOOD
    assert good == (name not in GAPS), f"{found.status} {found.worst} {found.note}"


@pytest.mark.skipif("WRITE_TABLE" not in os.environ, reason="set WRITE_TABLE=1 to write the table")
def test_the_table_of_all_files_is_written():
    lines = [
        "# Reference results, file by file",
        "",
        "Made by `WRITE_TABLE=1 pytest tests/latent/test_references.py -k table`. The largest",
        "difference is |a - b| / max(1, |a|, |b|) over estimates, errors, standardised solutions,",
        "R2, fit measures, vcov, implied moments, residuals with z values and EM moments that the",
        "two releases of lavaan agree on; *tolerance* is what the reference supports. A file that",
        "is not matched says what is missing, or what is said in place of a result.",
        "",
        "| file | outcome | worst block | largest difference | tolerance | gap or note |",
        "|---|---|---|---|---|---|",
    ]
    counts = {}
    for name in NAMES:
        found = references.outcome(name)
        outcome = "**matched**" if found.matched else found.status
        counts[outcome] = counts.get(outcome, 0) + 1
        block, size = found.worst if found.status == "compared" else ("", 0.0)
        allowed = f"{found.allowed(block):.0e}" if block else ""
        shown = f"{size:.1e}" if block else ""
        note = GAPS.get(name, found.note.replace("|", "/"))
        lines.append(f"| {name} | {outcome} | {block} | {shown} | {allowed} | {note} |")
    lines.insert(8, "Counts: " + ", ".join(f"{k} {v}" for k, v in sorted(counts.items())) + ".\n")
    target = Path(references.ROOT) / "docs" / "methods" / "latent-references.md"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("\n".join(lines) + "\n")

    assert sum(counts.values()) == len(NAMES)
