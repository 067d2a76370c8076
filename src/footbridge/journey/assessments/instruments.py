"""The instruments that can be used here: the house's files, and what the site loaded."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from footbridge.journey.assessments.definitions import parse, written
from footbridge.journey.assessments.merging import merged, scored_alike, without_words
from footbridge.journey.assessments.models import LoadedInstrument
from footbridge.journey.assessments.rules import AssessmentError, Instrument
from footbridge.trust.access.actors import Actor
from footbridge.trust.access.rules import Capability
from footbridge.trust.audit.acts import act
from footbridge.trust.decisions import gettext_noop

Key = tuple[str, int]
CHART = ("withdrawal-chart", 1)


@cache
def packaged() -> Mapping[Key, Instrument]:
    """Return the instruments and scoring keys of the house by id and version."""
    folder = resources.files("footbridge.journey.assessments") / "data" / "instruments"
    found = [
        parse(json.loads(file.read_text(encoding="utf-8")))
        for file in sorted(folder.iterdir(), key=lambda file: file.name)
        if file.name.endswith(".json")
    ]
    return MappingProxyType({(one.id, one.version): one for one in found})


def withdrawal_chart() -> Instrument:
    """Return the chart of withdrawal signs: our words, with the published points of the COWS."""
    return packaged()[CHART]


def instruments() -> Mapping[Key, Instrument]:
    """Return everything that the site has, by id and version: its wording laid over the keys."""
    found = dict(packaged())
    for row in LoadedInstrument.objects.order_by("instrument", "version"):
        found[row.instrument, row.version] = _with_row(row)
    return MappingProxyType(found)


def instrument(id: str, version: int) -> Instrument:  # noqa: A002 - the word that records use
    """Return one instrument; raise AssessmentError where the site has none such."""
    own = packaged().get((id, version))
    if own is not None and is_own(own):
        return own
    row = LoadedInstrument.objects.filter(instrument=id, version=version).first()
    if row is not None:
        return _with_row(row)
    if own is not None:
        return own
    known = ", ".join(f"{name}/{number}" for name, number in sorted(instruments()))
    raise AssessmentError(
        gettext_noop(
            "There is no instrument {id} in version {version}: the site has {known}. "
            "Load the one that was used, or choose one of these."
        ),
        id=id,
        version=version,
        known=known,
    )


def is_own(instrument: Instrument) -> bool:
    """Return whether an instrument is in the house's own words, which nothing replaces."""
    own = packaged().get((instrument.id, instrument.version))
    return own is not None and bool(own.worded) and not own.parameters


def load(definition: Mapping[str, Any], *, by: Actor, on: date) -> Instrument:
    """Keep an instrument, or the wording of one that the house has the scoring key for.

    Parameters
    ----------
    definition : mapping
        An instrument as data (see `definitions.parse`). Where the id and version are those of
        a scoring key, only its words are taken. Loading a second language adds to the first.

    Raises
    ------
    RefusedError
        If the actor may not change what the site offers.
    AssessmentError
        If the definition contradicts itself, does not fit its scoring key or what was loaded
        before, or would replace words of the house.
    """
    by.check(Capability.EDIT_DIRECTORY)
    wording = parse(definition)
    key = (wording.id, wording.version)
    own = packaged().get(key)
    if own is not None and is_own(own):
        raise AssessmentError(
            gettext_noop(
                "{id} is an instrument in this program's own words, and they stay. "
                "Give the one you load another id."
            ),
            id=wording.id,
        )
    with act("instrument.loaded", by=by.id, on=on, site=by.site, detail=wording.id):
        row = LoadedInstrument.objects.filter(instrument=key[0], version=key[1]).first()
        before = _with_row(row) if row is not None else own
        if own is None and before is not None:
            _check_reloading(before, wording)
        found = merged(before, wording) if before is not None else wording
        LoadedInstrument.objects.update_or_create(
            instrument=key[0], version=key[1], defaults={"definition": written(found)}
        )
    return found


def _check_reloading(before: Instrument, again: Instrument) -> None:
    """Refuse to score old sittings in a new way without anybody noticing."""
    if before.languages & again.languages and not scored_alike(before, again):
        raise AssessmentError(
            gettext_noop(
                "{id} is here already in version {version}, and this file scores it otherwise. "
                "Give it the next version number; what was asked before stays as it was."
            ),
            id=again.id,
            version=again.version,
        )


def take_words_out(key: Key, *, by: Actor, on: date) -> Instrument:
    """Take out the words that were loaded; what was answered is still scored.

    Raises
    ------
    RefusedError
        If the actor may not change what the site offers.
    AssessmentError
        If no words were loaded for it.
    """
    by.check(Capability.EDIT_DIRECTORY)
    row = LoadedInstrument.objects.filter(instrument=key[0], version=key[1]).first()
    if row is None or not row.definition or not instrument(*key).worded:
        raise AssessmentError(
            gettext_noop("No words were loaded for {id}, so there are none to take out."), id=key[0]
        )
    with act("instrument.words-out", by=by.id, on=on, site=by.site, detail=key[0]):
        kept = {} if key in packaged() else written(without_words(parse(row.definition)))
        LoadedInstrument.objects.filter(pk=row.pk).update(definition=kept)
    return instrument(*key)


def has_loaded_words(key: Key) -> bool:
    """Return whether the words of an instrument are those that the site loaded."""
    row = LoadedInstrument.objects.filter(instrument=key[0], version=key[1]).first()
    return row is not None and bool(row.definition) and bool(instrument(*key).worded)


def choose(key: Key, choices: Mapping[str, str], *, by: Actor, on: date) -> Instrument:
    """Decide how an instrument is scored where the literature leaves it open.

    Raises
    ------
    RefusedError
        If the actor may not change what the site offers.
    AssessmentError
        If there is no such instrument or choice.
    """
    by.check(Capability.EDIT_DIRECTORY)
    wanted = instrument(*key).with_choices(choices)
    with act("instrument.chosen", by=by.id, on=on, site=by.site, detail=key[0]):
        LoadedInstrument.objects.update_or_create(
            instrument=key[0], version=key[1], defaults={"choices": dict(choices)}
        )
    return wanted


def chosen(key: Key) -> Mapping[str, str]:
    """Return what the site decided about the scoring of an instrument."""
    row = LoadedInstrument.objects.filter(instrument=key[0], version=key[1]).first()
    found: dict[str, str] = row.choices if row is not None else {}
    return found


def _with_row(row: LoadedInstrument) -> Instrument:
    """Return an instrument as its row makes it: words over the key, scored as was chosen."""
    own = packaged().get((row.instrument, row.version))
    loaded = parse(row.definition) if row.definition else None
    if own is not None:
        base = merged(own, loaded) if loaded is not None else own
    elif loaded is not None:
        base = loaded
    else:
        raise AssessmentError(
            gettext_noop("The instrument {id} is empty. Load it again."), id=row.instrument
        )
    return base.with_choices(row.choices)
