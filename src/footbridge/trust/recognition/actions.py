"""Enrolling somebody, opening their key by phrase, and giving them a new phrase."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass, field
from datetime import date

from footbridge.trust.access import care_teams, circles
from footbridge.trust.access.actors import Actor
from footbridge.trust.access.circles import CircleKind
from footbridge.trust.access.rules import Capability
from footbridge.trust.audit.acts import Act, act
from footbridge.trust.decisions import HouseError, gettext_noop
from footbridge.trust.recognition import phrases
from footbridge.trust.recognition.throttle import Throttle
from footbridge.trust.vault import ceremony, compartments, crypto, journal, letterboxes, persons
from footbridge.trust.vault.compartments import Holder, NoWrapError, OpenCompartment, PlainHolder
from footbridge.trust.vault.crypto import Cost, KeyPair
from footbridge.trust.vault.persons import PersonView, Shell, TombstoneFile, WrongPhraseError
from footbridge.trust.vault.records import Compartment, Record
from footbridge.trust.vault.site_keys import SiteKeys

HANDLE_DRAWS = 20


class RecognitionError(HouseError):
    """Somebody who cannot be enrolled or recognised in this way."""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """Somebody new: their handle, and the phrase that is shown once."""

    person: uuid.UUID
    handle: str
    phrase: tuple[str, ...] = field(repr=False)


def enrol(*, language: str, by: Actor, on: date, cost: Cost, handle: str = "") -> Enrolled:
    """Enrol somebody new under two random words; their phrase is returned once.

    Raises
    ------
    HandleTakenError
        If a handle was asked for that somebody here already has.
    """
    by.check(Capability.ENROL)
    words = phrases.new_phrase(language, draws=secrets.randbelow)
    chosen = phrases.normalised_handle(handle) if handle else free_handle(language, site=by.site)
    with act("person.enrolled", by=by.id, on=on, site=by.site):
        holder = persons.create(
            Shell(chosen, language), phrases.phrase_bytes(words), cost=cost, site=by.site
        )
    return Enrolled(holder.id, chosen, words)


def free_handle(language: str, *, site: SiteKeys) -> str:
    """Return two random words that nobody here has."""
    for _ in range(HANDLE_DRAWS):
        handle = phrases.new_handle(language, draws=secrets.randbelow)
        if persons.find(handle, site=site) is None:
            return handle
    raise RecognitionError(
        gettext_noop("No free handle was found in {draws} draws. Try again."), draws=HANDLE_DRAWS
    )


def open_key(
    handle: str, phrase: str, *, cost: Cost, site: SiteKeys, throttle: Throttle
) -> PlainHolder:
    """Open a person's own key with handle and phrase, slowing down whoever guesses.

    Raises
    ------
    WrongPhraseError
        If they do not belong together, or the handle is not known; in the same words.
    WaitError
        After five wrong tries, for a time that doubles.
    """
    handle = phrases.normalised_handle(handle)
    key = persons.handle_lookup(handle, site=site)
    throttle.check(key)
    view = persons.find(handle, site=site)
    language = view.shell.language if view is not None else "en"
    words = phrases.normalised_phrase(phrase, language)
    try:
        holder = persons.open_with_phrase(handle, phrases.phrase_bytes(words), cost=cost, site=site)
    except WrongPhraseError:
        throttle.failed(key)
        raise
    throttle.succeeded(key)
    return holder


def choose_new_phrase(
    holder: PlainHolder, *, language: str, cost: Cost, on: date
) -> tuple[str, ...]:
    """Give somebody whose key is open a new phrase; nothing else changes.

    Raises
    ------
    RecognitionError
        If they were given another key since: under a new phrase the old one would lock them out.
    """
    words = phrases.new_phrase(language, draws=secrets.randbelow)
    view = _view(holder.id, site=holder.site)
    if not crypto.same(view.public, holder.pair.public):
        raise RecognitionError(
            gettext_noop(
                "A new phrase was given since this visit began. "
                "Open the record again with handle and phrase."
            )
        )
    with act("phrase.changed", by=holder.id, on=on, site=holder.site, log_key=view.log_key):
        persons.set_phrase(holder, phrases.phrase_bytes(words), cost=cost)
    return words


def renew_phrase(
    person: PersonView, *, by: Holder, on: date, cost: Cost, action: str = "phrase.renewed"
) -> tuple[str, ...]:
    """Give somebody whose phrase is lost a new key and phrase, by one who holds their care key.

    Raises
    ------
    NoWrapError
        If `by` does not hold the person's care key.
    """
    words = phrases.new_phrase(person.shell.language, draws=secrets.randbelow)
    with act(action, by=by.id, on=on, site=by.site, log_key=person.log_key):
        opened = [compartments.open_for(person.id, Compartment.CARE, holders=[by])]
        for kind in (Compartment.SUMMARY, Compartment.CONTACT):
            try:
                opened.append(compartments.open_for(person.id, kind, holders=[by]))
            except NoWrapError:
                continue
        fresh = persons.replace_key(person.id, phrases.phrase_bytes(words), cost=cost, site=by.site)
        for compartment in opened:
            compartments.grant(compartment, holder=fresh.id, public=fresh.pair.public, site=by.site)
        persons.change_shell(person.id, site=by.site, state="enrolled")
    return words


def recover(
    person: PersonView, *, shares: list[str], to: Actor, on: date, cost: Cost
) -> tuple[str, ...]:
    """Open a record with the recovery key: for somebody whose phrase and worker are both gone.

    Only where the person agreed to it beforehand: otherwise there is no wrap to open.
    """
    to.check(Capability.WORK_WITH_PEOPLE)
    pair: KeyPair = ceremony.recovery_pair(shares)
    holder = PlainHolder(ceremony.recovery_holder_id(to.site.site), pair, to.site)
    with act("person.recovered", by=to.id, on=on, site=to.site, log_key=person.log_key) as doing:
        care = compartments.open_for(person.id, Compartment.CARE, holders=[holder])
        compartments.grant(care, holder=to.id, public=to.pair.public, site=to.site)
        _begin_anew(care, to=to, doing=doing)
        return renew_phrase(person, by=to, on=on, cost=cost)


def _begin_anew(care: OpenCompartment, *, to: Actor, doing: Act) -> None:
    """Replace what the recovery key does not open, or the person would lose it for good.

    Their old key goes, and with it their only key to summary and contact where nobody else
    is here to grant them again. Without a summary they could not even withdraw a consent.
    """
    person = care.person
    for kind in (Compartment.SUMMARY, Compartment.CONTACT):
        row = compartments.find(person, kind, site=to.site)
        if row is None or row.wraps.filter(holder=to.id).exists():
            continue
        last = _last_seen_by(to, person) if kind is Compartment.SUMMARY else None
        row.delete()
        if kind is Compartment.CONTACT:
            continue  # it is asked for again
        fresh = compartments.make(person, kind, site=to.site, lapses=care.head.lapses)
        for holder, public in _summary_keys(person, to=to):
            compartments.grant(fresh, holder=holder, public=public, site=to.site)
        if last is not None:
            doing.write(fresh, last)


def _summary_keys(person: uuid.UUID, *, to: Actor) -> list[tuple[uuid.UUID, bytes]]:
    """Return who holds a summary beside the person: the care team, the coordinators' circle."""
    team = care_teams.team_of(person, site=to.site).members
    circle = circles.the_one(CircleKind.COORDINATORS, site=to.site)
    keys = [(to.id, to.pair.public), *((p.id, p.public) for p in team if p.id != to.id)]
    return keys if circle is None else [*keys, (circle.id, circle.public)]


def _last_seen_by(actor: Actor, person: uuid.UUID) -> Record | None:
    """Return the newest summary, where a coordinator is the one who recovers the record."""
    held = circles.held_by(actor, kinds=[CircleKind.COORDINATORS])
    try:
        opened = compartments.open_for(person, Compartment.SUMMARY, holders=held) if held else None
    except NoWrapError:
        return None
    last = journal.latest(opened) if opened is not None else None
    return last.record if last is not None else None


def forget(holder: Holder, person: PersonView, *, on: date, tombstones: TombstoneFile) -> None:
    """Forget somebody: keys, record, memory answers, log key. A tombstone stays.

    Only the person's own, open key can ask for it.

    Raises
    ------
    RecognitionError
        If `holder` is anybody else.
    """
    if holder.id != person.id:
        raise RecognitionError(
            gettext_noop(
                "Only the person themself can be forgotten, with handle and phrase. "
                "Open the kiosk together."
            )
        )
    with act("person.forgotten", by=holder.site.site, on=on, site=holder.site):
        _drop_letters(holder)
        persons.forget(person.id, tombstones=tombstones)
    persons.truncate_log()


def _drop_letters(holder: Holder) -> None:
    """Delete the letter boxes of one's own record: nothing else could tell that they are."""
    try:
        care = compartments.open_for(holder.id, Compartment.CARE, holders=[holder])
    except NoWrapError:
        return
    letterboxes.drop_all(care)


def _view(person: uuid.UUID, *, site: SiteKeys) -> PersonView:
    found = persons.get(person, site=site)
    if found is None:
        raise RecognitionError(gettext_noop("This person is not known here any more."))
    return found
