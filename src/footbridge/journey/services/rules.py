"""What a service is for, what it costs in anonymity, and whether its entry is fresh."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum, StrEnum

from footbridge.trust.decisions import Decision, gettext_noop

FRESH_DAYS = 180
"""After so many days without a check an entry is shown with a warning; a house default."""

CAPACITY_DAYS = 7
"""After so many days a number of free places is shown as out of date; a house default."""


class Need(StrEnum):
    """The life domains in which somebody can be linked to a service; ids as in a plan."""

    DRUG_TREATMENT = "drug-treatment"
    SOCIAL_SECURITY = "social-security"
    HOUSING = "housing"
    EMPLOYMENT = "employment"
    HEALTH = "health"
    HIV_HCV = "hiv-hcv"
    MENTAL_HEALTH = "mental-health"
    LEGAL = "legal"
    FAMILY = "family"
    DOCUMENTS = "documents"
    EDUCATION = "education"
    FOOD = "food"
    NALOXONE = "naloxone"


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """What Footbridge wants to know of a service; None where nobody has said.

    `methadone` means methadone *maintenance*: a taper in a hospital is not registered
    by the same article.
    """

    asks_real_name: bool | None = None
    reports_to_police: bool | None = None
    accepts_code_only: bool | None = None
    methadone: bool | None = None
    cash_only: bool | None = None
    warm_handoff: bool | None = None


class PriceCode(StrEnum):
    """One thing that a service may cost a person in anonymity."""

    POLICE_REGISTER = "police_register"
    POLICE_BY_LAW = "police_by_law"
    POLICE_UNKNOWN = "police_unknown"
    NAME_ASKED = "name_asked"
    NAME_UNKNOWN = "name_unknown"
    DOCUMENTS_ASKED = "documents_asked"
    PAYMENT_TRACE = "payment_trace"


class PriceLevel(IntEnum):
    """How dear a service is in anonymity; higher is dearer."""

    NONE = 0
    UNKNOWN = 1
    NAME = 2
    REGISTER = 3


PRICES: Mapping[PriceCode, tuple[PriceLevel, str]] = {
    PriceCode.POLICE_REGISTER: (
        PriceLevel.REGISTER,
        gettext_noop(
            "This service reports the people it serves to the police. "
            "A name that enters that register may stay there for life."
        ),
    ),
    PriceCode.POLICE_BY_LAW: (
        PriceLevel.REGISTER,
        gettext_noop(
            "Methadone maintenance is registered, and the police are told "
            "(Decree 597, article 12), even where the directory does not say so."
        ),
    ),
    PriceCode.POLICE_UNKNOWN: (
        PriceLevel.UNKNOWN,
        gettext_noop("Nobody has found out whether this service reports to the police. Ask first."),
    ),
    PriceCode.NAME_ASKED: (
        PriceLevel.NAME,
        gettext_noop("This service asks for a real name."),
    ),
    PriceCode.NAME_UNKNOWN: (
        PriceLevel.UNKNOWN,
        gettext_noop("Nobody has found out whether this service asks for a real name. Ask first."),
    ),
    PriceCode.DOCUMENTS_ASKED: (
        PriceLevel.NAME,
        gettext_noop("This service asks to see papers: {documents}."),
    ),
    PriceCode.PAYMENT_TRACE: (
        PriceLevel.UNKNOWN,
        gettext_noop(
            "Payment other than cash leaves a name behind. "
            "Pay in cash, or ask whether that is possible."
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class PriceLine:
    """One line of an anonymity price: a code for the record, a sentence for the person."""

    code: PriceCode
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def level(self) -> PriceLevel:
        """How dear this line is."""
        return PRICES[self.code][0]

    def say(self, translate: Callable[[str], str] = str) -> str:
        """Return the sentence in the reader's language."""
        return translate(PRICES[self.code][1]).format_map(self.values)


@dataclass(frozen=True, slots=True)
class AnonymityPrice:
    """What it costs in anonymity to go to a service, dearest first.

    True where it costs nothing that is known of, so it reads like a `Decision`.
    """

    lines: tuple[PriceLine, ...]

    @property
    def level(self) -> PriceLevel:
        """The level of the dearest line."""
        return max((line.level for line in self.lines), default=PriceLevel.NONE)

    @property
    def codes(self) -> frozenset[PriceCode]:
        """What a record keeps of the price that was shown."""
        return frozenset(line.code for line in self.lines)

    def __bool__(self) -> bool:
        return not self.lines

    def say(self, translate: Callable[[str], str] = str) -> tuple[str, ...]:
        """Return the sentences in the reader's language."""
        if not self.lines:
            return (translate(NO_PRICE),)
        return tuple(line.say(translate) for line in self.lines)


NO_PRICE = gettext_noop("Nothing that is known of: no name, no papers, no report.")


def anonymity_price(
    facts: ServiceFacts,
    *,
    documents: Sequence[str] = (),
    costs_money: bool = False,
    between: str = "; ",
) -> AnonymityPrice:
    """Return what it costs in anonymity to go to a service.

    What nobody has found out counts as a price, never as free of charge. Methadone
    maintenance is registered by law, whatever the directory says.

    Parameters
    ----------
    facts : ServiceFacts
        What the directory says.
    documents : sequence of str
        The papers that the service asks for, in the reader's language.
    costs_money : bool
        Whether the person pays; a free service leaves no trace of payment.
    between : str
        What stands between two papers in the reader's language.

    References
    ----------
    State Council of China, Drug Rehabilitation Regulations (Decree 597, 2011), article 12.
    """
    codes: list[PriceLine] = []
    if facts.reports_to_police:
        codes.append(PriceLine(PriceCode.POLICE_REGISTER))
    elif facts.methadone:
        codes.append(PriceLine(PriceCode.POLICE_BY_LAW))
    elif facts.reports_to_police is None:
        codes.append(PriceLine(PriceCode.POLICE_UNKNOWN))
    if facts.asks_real_name:
        codes.append(PriceLine(PriceCode.NAME_ASKED))
    elif facts.asks_real_name is None and not facts.accepts_code_only:
        codes.append(PriceLine(PriceCode.NAME_UNKNOWN))
    if documents:
        asked = between.join(documents)
        codes.append(PriceLine(PriceCode.DOCUMENTS_ASKED, {"documents": asked}))
    if costs_money and facts.cash_only is False:
        codes.append(PriceLine(PriceCode.PAYMENT_TRACE))
    return AnonymityPrice(tuple(sorted(codes, key=lambda line: -line.level)))


def check_fresh(assured: date | None, on: date, *, days: int = FRESH_DAYS) -> Decision:
    """Decide whether an entry was checked recently enough to be relied on.

    Parameters
    ----------
    assured : date or None
        The day on which somebody last checked the entry (HSDS `assured_date`).
    on : date
        Today.
    days : int
        How long a check lasts; the last day still counts.
    """
    if assured is None:
        never = gettext_noop(
            "Nobody has checked this entry yet. Ring before anybody is sent there."
        )
        return Decision(False, never)
    age = (on - assured).days
    if age > days:
        stale = gettext_noop(
            "This entry was last checked {age} days ago, and a check lasts {days}. "
            "Ring before anybody is sent there."
        )
        return Decision(False, stale, {"age": age, "days": days})
    if age <= 0:
        return Decision(True, gettext_noop("Checked today."))
    return Decision(True, gettext_noop("Checked {age} days ago."), {"age": age})


def check_capacity(updated: date, on: date, *, days: int = CAPACITY_DAYS) -> Decision:
    """Decide whether a number of free places was told recently enough to count on."""
    age = (on - updated).days
    if age > days:
        return Decision(
            False,
            gettext_noop(
                "The number of free places is {age} days old, and such numbers last {days}. "
                "Ring and ask."
            ),
            {"age": age, "days": days},
        )
    if age <= 0:
        return Decision(True, gettext_noop("Told today."))
    return Decision(True, gettext_noop("Told {age} days ago."), {"age": age})
