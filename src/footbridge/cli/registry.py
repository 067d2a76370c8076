"""The table of commands: what each is called, what it does, and where its code lives.

The table is text, so that `footbridge --help` imports none of the code behind it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec

_SITE = "footbridge.cli.site_commands"
_LATENT = "footbridge.cli.latent_commands"
_PLANS = "footbridge.cli.latent_plans"
_GROUNDED = "footbridge.cli.grounded_commands"
_MICROSIM = "footbridge.cli.microsim_commands"
_EXTRACT = "footbridge.cli.extract_commands"
_DISCLOSURE = "footbridge.cli.disclosure_commands"


@dataclass(frozen=True, slots=True)
class Entry:
    """One command: its name, its line in the help, and the place of its code."""

    name: str
    summary: str
    module: str
    attribute: str

    @property
    def present(self) -> bool:
        """Whether the module that holds the command is part of this installation."""
        return find_spec(self.module) is not None


def _entries(module: str, *rows: tuple[str, str]) -> tuple[Entry, ...]:
    return tuple(Entry(name, what, module, name.replace("-", "_")) for name, what in rows)


SECTIONS: dict[str, tuple[Entry, ...]] = {
    "A site": _entries(
        _SITE,
        ("init", "Make a new site: its keys, its shares, its first coordinator."),
        ("serve", "Serve the pages; the site starts sealed."),
        ("unseal", "Open the running site with two keyholders' shares."),
        ("seal", "Forget the site key until the keyholders come again."),
        ("panic", "Seal at once and end every session."),
        ("staff", "Invite a coordinator where the site has none."),
        ("doctor", "Name every unsafe setting, and its mend."),
        ("demo", "Serve a reconstructed pilot with invented people only."),
    ),
    "Keeping it": _entries(
        _SITE,
        ("backup", "Write a backup that only the offline key opens."),
        ("restore", "Bring a backup back, without those who were forgotten since."),
        ("epoch", "Rotate the epoch key; write or bring in the epoch card."),
        ("sweep", "Destroy what is past its day: contacts, old epoch keys."),
        ("trail", "Show the trail's signed head, or verify the trail."),
    ),
    "Analysis": (
        *_entries(_EXTRACT, ("extract", "Make a recipient's key; open an extract sealed to it.")),
        *_entries(_DISCLOSURE, ("distinct", "Count different people over several places.")),
        *_entries(
            _LATENT,
            ("fit", "Fit a latent variable model to a table."),
            (
                "invariance",
                "Test whether a questionnaire measures alike in all groups, or over time.",
            ),
            ("compare-models", "Test nested models against each other."),
            ("reliability", "Tell alpha and omega of every factor."),
        ),
        *_entries(
            _PLANS,
            ("power", "Tell how many cases a model needs, by simulation."),
            ("simulate-data", "Draw cases from a model."),
        ),
        *_entries(
            _GROUNDED,
            ("agree", "Tell how far coders agree beyond chance."),
            ("compare-codings", "Set two codings of one transcript side by side."),
            ("saturation", "Show whether new interviews still bring new codes."),
            ("convert", "Turn a coding project from one exchange format into another."),
        ),
        *_entries(
            _MICROSIM,
            ("simulate", "Simulate recovery careers under a policy."),
            ("compare", "Set policies side by side, with their uncertainty."),
            ("calibrate", "Fit a scenario to published targets."),
            ("targets", "List the published targets and their sources."),
            ("answers", "Write the seven answers anew, with their bands."),
        ),
    ),
}


def present_sections() -> Iterator[tuple[str, list[Entry]]]:
    """Yield each section with the commands that this installation has."""
    for title, entries in SECTIONS.items():
        present = [entry for entry in entries if entry.present]
        if present:
            yield title, present


def find(name: str) -> Entry | None:
    """Return the command of this name, or None where it is unknown or not installed."""
    for _, entries in present_sections():
        for entry in entries:
            if entry.name == name:
                return entry
    return None
