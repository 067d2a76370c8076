"""The coded values of a stay."""

from __future__ import annotations

from enum import StrEnum


class Drug(StrEnum):
    """What somebody mainly comes for."""

    HEROIN = "heroin"
    METHAMPHETAMINE = "methamphetamine"
    TRAMADOL = "tramadol"
    PETHIDINE = "pethidine"
    OTHER_OPIOID = "other-opioid"
    OTHER = "other"


class Severity(StrEnum):
    """How heavy the history of use is, as the ward judges it; a tariff may depend on it."""

    LIGHT = "light"
    MIDDLE = "middle"
    HEAVY = "heavy"


class RoomKind(StrEnum):
    """What kind of room a bed stands in."""

    SHARED = "shared"
    PRIVATE = "private"


class Point(StrEnum):
    """What a voluntary-treatment agreement speaks of (Decree 597, article 10)."""

    METHOD = "method"
    PERIOD = "period"
    CONFIDENTIALITY = "confidentiality"
    RULES = "rules"
    ENDING = "ending"
    EFFECT_AND_RISK = "effect-and-risk"


class Session(StrEnum):
    """Care that is promised for a stay besides the taper."""

    PSYCHIATRIC = "psychiatric"
    GROUP = "group"
    COUNSELLING = "counselling"


class Happened(StrEnum):
    """What became of a promised session."""

    HELD = "held"
    PERSON_ABSENT = "person-absent"
    WARD_ABSENT = "ward-absent"


class Medicine(StrEnum):
    """What a dose was of, as it was written on the order."""

    METHADONE = "methadone"
    BUPRENORPHINE = "buprenorphine"
    BUPRENORPHINE_NALOXONE = "buprenorphine-naloxone"
    CLONIDINE = "clonidine"
    LOFEXIDINE = "lofexidine"
    TRAMADOL = "tramadol"
    DIAZEPAM = "diazepam"
    NALOXONE = "naloxone"
    IBUPROFEN = "ibuprofen"
    LOPERAMIDE = "loperamide"
    ANTIEMETIC = "antiemetic"
    OTHER = "other"


class Unit(StrEnum):
    """The unit of a dose."""

    MILLIGRAM = "mg"
    MICROGRAM = "mcg"
    GRAM = "g"
    MILLILITRE = "ml"
    TABLET = "tablet"
    DROP = "drop"


class Route(StrEnum):
    """The way by which a dose was taken."""

    MOUTH = "mouth"
    UNDER_TONGUE = "under-tongue"
    MUSCLE = "muscle"
    VEIN = "vein"
    UNDER_SKIN = "under-skin"
    NOSE = "nose"
    SKIN = "skin"


class GivenBy(StrEnum):
    """By whom a dose was given, as a role and never a name."""

    NURSE = "nurse"
    DOCTOR = "doctor"
    PERSON = "person"


class Ending(StrEnum):
    """How a stay ended."""

    COMPLETED = "completed"
    LEFT_EARLY = "left-early"
    TRANSFERRED = "transferred"
    SENT_AWAY = "sent-away"


class Step(StrEnum):
    """A part of the discharge bundle that is done at the door."""

    TOLERANCE = "tolerance"
    NALOXONE = "naloxone"


class Answer(StrEnum):
    """How a step at the door went."""

    GIVEN = "given"
    DECLINED = "declined"
    NOT_POSSIBLE = "not-possible"


class FollowMeans(StrEnum):
    """How a contact after the stay came about."""

    CAME = "came"
    AGREED_WAY = "agreed-way"
    WENT_ALONG = "went-along"


class ToldBy(StrEnum):
    """Who told of a visit to treatment."""

    PERSON = "person"
    SERVICE = "service"
    WORKER = "worker"


class ClosedFor(StrEnum):
    """Why the clocks after a stay were stopped before they had run."""

    NOT_REACHABLE = "not-reachable"
    ASKED_NOT_TO = "asked-not-to"
    DETAINED = "detained"
    DIED = "died"
    HANDED_OVER = "handed-over"
