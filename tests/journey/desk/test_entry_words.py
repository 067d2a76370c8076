"""Every kind of entry and every event has words, in the tags that the pages use."""

from __future__ import annotations

import re
import uuid
from dataclasses import make_dataclass
from importlib import import_module
from pathlib import Path

import pytest

import footbridge
from footbridge.journey.saying import ROOMS
from footbridge.journey.templatetags.entries import ENTRIES
from footbridge.journey.templatetags.journey import entry_words, event_words
from footbridge.trust.audit.labels import EVENTS
from footbridge.trust.vault.folding import Opened
from footbridge.trust.vault.records import Compartment, EntryKind, record_types

SOURCE = Path(footbridge.__file__).parent
FRAME = re.compile(r'(?:\bwriting|\bact)\(\s*"([a-z-]+\.[a-z-]+)"')


def kinds_in_a_record():
    for room in ROOMS:
        if (SOURCE / "journey" / room / "records.py").exists():
            import_module(f"footbridge.journey.{room}.records")
    kept = {Compartment.CARE, Compartment.CONTACT}
    return {
        found.KIND.name
        for found in record_types()
        if found.COMPARTMENT in kept and found.__module__.startswith("footbridge.journey.")
    }


def test_every_kind_of_entry_that_a_person_may_read_has_words():
    kinds = kinds_in_a_record()

    assert len(kinds) > 20
    assert kinds - set(ENTRIES) == set()


def test_no_words_are_kept_for_a_kind_that_is_not_there():
    assert set(ENTRIES) <= kinds_in_a_record()


def test_an_entry_without_words_is_called_by_the_name_of_its_kind():
    Odd = make_dataclass("Odd", [], namespace={"KIND": EntryKind("odd-thing", 1)})

    assert entry_words(Opened(uuid.uuid4(), 1, Odd())) == "odd-thing"


def events_in_the_source():
    files = [*SOURCE.rglob("*.py")]
    return sorted({name for file in files for name in FRAME.findall(file.read_text("utf-8"))})


@pytest.mark.parametrize("action", events_in_the_source())
def test_every_event_that_the_source_writes_has_words(action):
    assert action in EVENTS
    assert event_words(action) == str(EVENTS[action])
