"""Reports in words: what each counts, its categories, and what a funder has to know."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from footbridge.evidence.reports.content import Copy
from footbridge.journey.outcomes.labels import HARMS
from footbridge.journey.outcomes.rules import Harm
from footbridge.journey.referrals.reasons import reason_groups

TITLES: Mapping[str, Promise] = {
    "in-care": _("People in care, as one number with noise"),
    "need": _("People in care by state of need"),
    "cascade": _("How far people came: from check-up to staying in a service"),
    "referrals": _("Referrals by need, and how far people came with them"),
    "reasons": _("Why people were not linked"),
    "tracking": _("Check-ups held and missed"),
    "stays": _("How stays ended, and contact after them"),
    "returns": _("People who came back after a stay"),
    "elsewhere": _("Whether another place saw them too, after a toss"),
    "events": _("Harm that came to people"),
}
COUNTED: Mapping[str, Promise] = {
    "in-care": _("People with a check-up, a referral, a stay or an adverse event in the quarter."),
    "need": _(
        "Each person in care in the quarter is counted once: in need if any check-up held in "
        "the quarter found a need, whatever later ones found."
    ),
    "cascade": _(
        "Each person with a check-up held in the quarter is counted once, at the furthest step. "
        "Showed: first attendance at a service that was offered in the quarter. Stayed: still "
        "there 14 days later. A step counts only if the steps before it were reached."
    ),
    "referrals": _(
        "Each person is counted once in a row, at the furthest that a referral of the quarter "
        "came. Linked means a first attendance, confirmed by the person or by a redeemed code; "
        "engaged means 14 days or more. One person may stand in several rows."
    ),
    "reasons": _(
        "Each person with a referral of the quarter that led nowhere is counted once, by the "
        "reason noted for the last of them."
    ),
    "tracking": _(
        "Each person with a check-up due in the quarter is counted once: under “missed” if any "
        "was missed, under “late” if any was held outside its window of 14 days either way."
    ),
    "stays": _(
        "Each person who left a ward in the quarter is counted once, by the last stay: how it "
        "ended, and whether a contact followed within 7 or within 30 days."
    ),
    "returns": _(
        "Each person who left a ward in the quarter is counted once: whether another stay began "
        "within 30 or 90 days. Only people who were recognised can be counted as having come "
        "back. If 60 of 100 were recognised, a true 45 % would show as 27 %."
    ),
    "elsewhere": _(
        "Each person who was asked in the quarter is counted once, by the last answer. A quarter "
        "of the answers are forced to yes and a quarter to no by the person’s own two tosses."
    ),
    "events": _(
        "Each person is counted once for each kind of harm noted in the quarter, whether or not "
        "the programme brought it about."
    ),
}
COPIES: Mapping[str, Promise] = {
    Copy.OUTSIDE: _("for readers outside"),
    Copy.INSIDE: _("for the team"),
}
DIMENSIONS: Mapping[str, Promise] = {
    "step": _("State of need"),
    "need": _("Need"),
    "reached": _("How far"),
    "reason": _("Reason"),
    "tracked": _("Check-ups"),
    "ended": _("How the stay ended"),
    "seen": _("Contact afterwards"),
    "returned": _("Another stay"),
    "elsewhere": _("Another place"),
    "harm": _("Harm"),
}
CATEGORIES: Mapping[tuple[str, str], Promise] = {
    ("step", "need"): _("In need"),
    ("step", "only held"): _("Not in need"),
    ("step", "no-checkup"): _("No check-up held in the quarter"),
    ("step", "held"): _("Checked up"),
    ("step", "agreed"): _("Agreed to go to a service"),
    ("step", "showed"): _("Showed"),
    ("step", "stayed"): _("Stayed 14 days"),
    ("need", "treatment"): _("Drug treatment"),
    ("need", "health"): _("Health"),
    ("need", "money"): _("Social security, papers, law"),
    ("need", "home"): _("Housing, food, family"),
    ("need", "work"): _("Work and learning"),
    ("reached", "not-linked"): _("Not linked"),
    ("reached", "linked"): _("Linked, under 14 days"),
    ("reached", "engaged"): _("Engaged 14 days or more"),
    ("tracked", "in-window"): _("All held in their windows"),
    ("tracked", "late"): _("All held, some late or early"),
    ("tracked", "missed"): _("One or more missed"),
    ("ended", "completed"): _("Completed"),
    ("ended", "left-early"): _("Left early"),
    ("ended", "transferred"): _("Transferred"),
    ("seen", "week"): _("Within 7 days"),
    ("seen", "month"): _("Within 8 to 30 days"),
    ("seen", "none"): _("None within 30 days"),
    ("elsewhere", "yes"): _("Said yes"),
    ("elsewhere", "no"): _("Said no"),
    ("returned", "30"): _("Within 30 days"),
    ("returned", "90"): _("Within 31 to 90 days"),
    ("returned", "none"): _("Not recognised again within 90 days"),
}


def category(dimension: str, code: str) -> str:
    """Return a category's words; those of reasons and harms come from their own rooms."""
    if dimension == "reason":
        language = "zh" if (get_language() or "").startswith("zh") else "en"
        return next((g.words[language] for g in reason_groups() if g.id == code), code)
    if dimension == "harm":
        return str(HARMS[Harm(code)])
    return str(CATEGORIES[dimension, code])
