"""Invented people as their summaries tell of them: a fixed crowd, no chance in it."""

from __future__ import annotations

from datetime import date

from footbridge.journey.people.records import Course
from footbridge.trust.quarters import Quarter
from footbridge.trust.weeks import IsoWeek

Q3 = Quarter(2026, 3)
WEEK = IsoWeek.of(date(2026, 8, 12))
LATE = IsoWeek.of(date(2026, 9, 16))
OTHER = IsoWeek.of(date(2026, 5, 6))


def course(kind, *codes, week=WEEK, **counts):
    return Course(kind, week, frozenset(codes), counts)


def checkup(*codes, week=WEEK):
    return course("checkup", "held", "in-window", *codes, week=week)


def referral(*codes, domain="drug-treatment", week=WEEK):
    return course("referral", f"domain-{domain}", *codes, week=week)


def crowd(held=40, need=35, agreed=30, showed=25, stayed=20):
    """Return people by the furthest step that they reached."""
    return [
        *[[checkup()] for _ in range(held)],
        *[[checkup("need")] for _ in range(need)],
        *[[checkup("need", "agreed"), referral("state-sent")] for _ in range(agreed)],
        *[[checkup("need", "agreed"), referral("linked")] for _ in range(showed)],
        *[[checkup("need", "agreed"), referral("linked", "engaged")] for _ in range(stayed)],
    ]
