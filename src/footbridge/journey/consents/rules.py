"""What a spoken consent allows, for how long, and what ends it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from footbridge.trust.decisions import Decision, HouseError, gettext_noop
from footbridge.trust.vault.records import Compartment


class ConsentError(HouseError):
    """A consent text that is not there or not whole."""


class Language(StrEnum):
    """The languages in which every text of the house exists."""

    EN = "en"
    ZH = "zh"


class Purpose(StrEnum):
    """What a person may agree to, each on its own."""

    CARE = "care"
    CONTACT = "contact"
    RESEARCH = "research"
    RECALL = "recall"
    RECOVERY = "recovery"
    INTERVIEW = "interview"


class Level(StrEnum):
    """The three withdrawals that the kiosk offers without asking anybody."""

    STOP_CONTACT = "stop-contact"
    STOP_RESEARCH = "stop-research"
    FORGET_ME = "forget-me"


class Holder(StrEnum):
    """Who may hold a key because a consent says so; the person always holds their own."""

    CARE_TEAM = "care-team"
    COORDINATORS = "coordinators"
    STUDY = "study"
    TWO_STAFF = "two-staff"
    RECOVERY_KEY = "recovery-key"


@dataclass(frozen=True, slots=True)
class Opening:
    """One compartment that a consent opens to one holder."""

    compartment: Compartment
    holder: Holder


# Interviews open nothing: they are never tied to a person's journal.
OPENS: Mapping[Purpose, frozenset[Opening]] = MappingProxyType(
    {
        Purpose.CARE: frozenset(
            {
                Opening(Compartment.CARE, Holder.CARE_TEAM),
                Opening(Compartment.SUMMARY, Holder.CARE_TEAM),
                Opening(Compartment.SUMMARY, Holder.COORDINATORS),
            }
        ),
        Purpose.CONTACT: frozenset({Opening(Compartment.CONTACT, Holder.CARE_TEAM)}),
        Purpose.RESEARCH: frozenset({Opening(Compartment.RESEARCH, Holder.STUDY)}),
        Purpose.RECALL: frozenset({Opening(Compartment.RECALL, Holder.TWO_STAFF)}),
        Purpose.RECOVERY: frozenset({Opening(Compartment.CARE, Holder.RECOVERY_KEY)}),
        Purpose.INTERVIEW: frozenset(),
    }
)

# The team keeps its keys a little longer than a yes to care lasts, so that it can ask again;
# then only the person holds their record (docs/decisions/0020).
GRACE_WEEKS = 8

# Recall and recovery need no standing care consent: they are the way back for somebody
# who returns after it has run out.
REQUIRES: Mapping[Purpose, Purpose] = MappingProxyType(
    {Purpose.CONTACT: Purpose.CARE, Purpose.RESEARCH: Purpose.CARE}
)

ENDS: Mapping[Level, frozenset[Purpose]] = MappingProxyType(
    {
        Level.STOP_CONTACT: frozenset({Purpose.CONTACT}),
        Level.STOP_RESEARCH: frozenset({Purpose.RESEARCH, Purpose.INTERVIEW}),
        Level.FORGET_ME: frozenset(Purpose),
    }
)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a consent text: its key, and its words in each language."""

    key: str
    words: Mapping[Language, str]


@dataclass(frozen=True, slots=True)
class ConsentText:
    """One version of the words that are read aloud before somebody agrees.

    Parameters
    ----------
    id : str
        Such as ``care/1``: a name and a version.
    lasts : int
        The longest time it may last, in weeks.
    parts : tuple of Part
        In the order in which they are read.
    questions : tuple of Part
        Asked back, so that the person can say it in their own words.
    """

    id: str
    purposes: frozenset[Purpose]
    lasts: int
    title: Mapping[Language, str]
    parts: tuple[Part, ...]
    questions: tuple[Part, ...]

    @property
    def name(self) -> str:
        """The part of the id that every version shares."""
        return parted(self.id)[0]

    @property
    def version(self) -> int:
        """The number of this version, from 1."""
        return parted(self.id)[1]


def parted(text: str) -> tuple[str, int]:
    """Return the name and the version that a text's id holds.

    Raises
    ------
    ConsentError
        If the id is not of the form ``name/version``.

    Examples
    --------
    >>> parted("care/2")
    ('care', 2)
    """
    name, slash, version = text.partition("/")
    if not (name and slash and version.isascii() and version.isdigit()):
        raise ConsentError(
            gettext_noop(
                "{text} is not the id of a consent text: it needs a name and a version. "
                "Write it as care/1."
            ),
            text=text,
        )
    return name, int(version)


@dataclass(frozen=True, slots=True)
class Offer:
    """How a text was read to somebody, before they say yes.

    Parameters
    ----------
    lasts : int
        Weeks that the person agrees to; they may choose fewer than the text allows.
    """

    purposes: frozenset[Purpose]
    language: Language
    read_twice: bool
    questions_answered: bool
    lasts: int


@dataclass(frozen=True, slots=True)
class Terms:
    """What a person agreed to for one purpose."""

    purpose: Purpose
    text: str
    language: Language
    given_on: date
    lasts: int
    withdrawn_on: date | None = None

    @property
    def expires_on(self) -> date:
        """The last day on which these terms allow anything."""
        return self.given_on + timedelta(weeks=self.lasts)


class AskAgain(StrEnum):
    """Why a consent should be asked for at the next visit."""

    NEVER_ASKED = "never-asked"
    EXPIRED = "expired"
    NEW_VERSION = "new-version"
    EXPIRES_SOON = "expires-soon"


def may_use(terms: Terms | None, *, on: date) -> Decision:
    """Decide whether these terms allow their purpose on one day.

    The day of expiry is the last day allowed; the day of withdrawal is not allowed.
    """
    if terms is None:
        return Decision(False, gettext_noop("This was not agreed to. Read the consent text first."))
    if terms.withdrawn_on is not None and on >= terms.withdrawn_on:
        return Decision(
            False,
            gettext_noop("The consent was withdrawn on {day}. Ask again only if the person does."),
            {"day": terms.withdrawn_on},
        )
    if on < terms.given_on:
        return Decision(
            False,
            gettext_noop("The consent was given on {day} and covers no day before that."),
            {"day": terms.given_on},
        )
    if on > terms.expires_on:
        return Decision(
            False,
            gettext_noop("The consent ran out on {day}. Read the text again and ask."),
            {"day": terms.expires_on},
        )
    return Decision(
        True, gettext_noop("Covered by the consent given on {day}."), {"day": terms.given_on}
    )


def may_give(text: ConsentText, offer: Offer) -> Decision:
    """Decide whether an offer was made well enough for a spoken yes to count."""
    if not offer.purposes or not offer.purposes <= text.purposes:
        return Decision(
            False,
            gettext_noop("The text {text} does not cover this purpose. Read the text that does."),
            {"text": text.id},
        )
    if not offer.read_twice:
        return Decision(
            False, gettext_noop("The text was read once only. Read it a second time, then ask.")
        )
    if not offer.questions_answered:
        return Decision(
            False,
            gettext_noop("Questions are still open. Answer them, then ask for a yes or a no."),
        )
    if not 1 <= offer.lasts <= text.lasts:
        return Decision(
            False,
            gettext_noop(
                "{weeks} weeks is outside what the text {text} allows. "
                "Choose from 1 to {most} weeks."
            ),
            {"weeks": offer.lasts, "text": text.id, "most": text.lasts},
        )
    return Decision(True, gettext_noop("The text was read twice and questions were answered."))


def ended_by(level: Level | None, purposes: frozenset[Purpose] = frozenset()) -> frozenset[Purpose]:
    """Return every purpose that a withdrawal ends, with those that cannot stand alone.

    Examples
    --------
    >>> sorted(ended_by(None, frozenset({Purpose.CARE})))
    [<Purpose.CARE: 'care'>, <Purpose.CONTACT: 'contact'>, <Purpose.RESEARCH: 'research'>]
    """
    ended = purposes | (ENDS[level] if level is not None else frozenset())
    return ended | {purpose for purpose, needed in REQUIRES.items() if needed in ended}


_NUMBER = re.compile(r"(?:\d[\s\-.]*){5,}|[〇零一二三四五六七八九]{5,}")
_ADDRESS = re.compile(r"\S+@\S+|https?://|www\.|(?:wechat|微信|qq|telegram|signal)\s*[:：号]", re.I)


def may_keep_ways(ways: str) -> Decision:
    """Decide whether words about how to reach somebody may be kept: no number, no address.

    A telephone number or an account leads to a name in one step, so neither is kept, even
    if the person offers it. A place and an hour at which they come by does not.
    """
    plain = unicodedata.normalize("NFKC", ways).strip()
    if len(plain) < 4:
        return Decision(False, gettext_noop("Write how and when the person may be reached."))
    if _NUMBER.search(plain) or _ADDRESS.search(plain):
        return Decision(
            False,
            gettext_noop(
                "This looks like a number or an account, which leads to a name. Write it without: "
                "for example, where and on which day the person comes by."
            ),
        )
    return Decision(True, gettext_noop("No number and no account is in these words."))


def expires_in(terms: Terms, *, on: date) -> int:
    """Return the number of days left: 0 on the last day, negative after it."""
    return (terms.expires_on - on).days


def asks_again(
    terms: Terms | None, newest: ConsentText, *, on: date, notice: int = 28
) -> AskAgain | None:
    """Return why this consent should be asked for, or None where it should not.

    A new version asks again at the next visit; until then the version that was read
    still holds. Somebody who withdrew is never asked by the system.

    Parameters
    ----------
    notice : int
        Days before the end from which a consent counts as running out soon.
    """
    if terms is None:
        return AskAgain.NEVER_ASKED
    if terms.withdrawn_on is not None and on >= terms.withdrawn_on:
        return None
    if on > terms.expires_on:
        return AskAgain.EXPIRED
    if parted(terms.text)[1] < newest.version:
        return AskAgain.NEW_VERSION
    if expires_in(terms, on=on) <= notice:
        return AskAgain.EXPIRES_SOON
    return None
