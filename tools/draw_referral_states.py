"""Draw docs/reference/referral-states.md from the table of referral states.

Run it after a change of the table; `--check` fails where the page is out of date.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from footbridge.journey.referrals.rules import ENGAGED_DAYS, RETAINED_DAYS, is_final
from footbridge.journey.referrals.slips import CODE_DAYS
from footbridge.journey.referrals.table import TRANSITIONS, WAITS, Condition, ReferralState

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "referral-states.md"

MEANINGS = {
    ReferralState.DRAFT: "A worker has a service in mind.",
    ReferralState.OFFERED: "It was offered, and its price in anonymity shown.",
    ReferralState.CONSENTED: "The person said yes, knowing that price.",
    ReferralState.SENT: "A slip with the service and a one-time code was handed over.",
    ReferralState.ACCEPTED: "The service will see the person.",
    ReferralState.APPOINTMENT: "There is a day.",
    ReferralState.LINKED: "The person attended once: they say so, or the code came back.",
    ReferralState.ENGAGED: f"Still attending {ENGAGED_DAYS} days or more after the first time.",
    ReferralState.RETAINED: f"Still attending {RETAINED_DAYS} days or more after the first time.",
    ReferralState.NO_SHOW: "The day passed without attendance.",
    ReferralState.DECLINED: "The person or the service said no.",
    ReferralState.EXPIRED: "A clock ran out.",
    ReferralState.REROUTED: "Over: another referral follows this one.",
    ReferralState.CANCELLED: "Over: withdrawn.",
    ReferralState.ENDED: "Over, with an outcome: need met, partly, not met, unknown.",
}

PROOFS = {
    Condition.PRICE_ACKNOWLEDGED: "the price in anonymity accepted exactly as it was shown",
    Condition.SLIP_GIVEN: "a slip with a new one-time code",
    Condition.REASON: "a reason from the list",
    Condition.DAY_SET: "the day of the appointment",
    Condition.ATTENDANCE_CONFIRMED: "the person's word, or the code of the slip",
    Condition.STAYED: f"{ENGAGED_DAYS} days since linked",
    Condition.RETAINED: f"{RETAINED_DAYS} days since linked",
    Condition.CLOCK_RUN_OUT: "a clock that has run out",
    Condition.OUTCOME: "an outcome",
}


def page() -> str:
    """Return the page."""
    return "\n".join(
        [
            "# Referral states",
            "",
            "<!-- Drawn by tools/draw_referral_states.py; change the table in",
            "     src/footbridge/journey/referrals/table.py instead of this page. -->",
            "",
            "A referral counts once somebody was **linked**, and is worth something once they are "
            "**engaged**.",
            "No form that was sent links anybody. A one-time code is good for "
            f"{CODE_DAYS} days. All days here are",
            "house defaults and can be changed for a site.",
            "",
            *_diagram(),
            "",
            "## States",
            "",
            *_states(),
            "",
            "## Steps",
            "",
            *_steps(),
            "",
        ]
    )


def _diagram() -> list[str]:
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {ReferralState.DRAFT}"]
    lines += [f"    {step.source} --> {step.target}" for step in TRANSITIONS]
    lines += [f"    {state} --> [*]" for state in ReferralState if is_final(state)]
    return [*lines, "```"]


def _states() -> list[str]:
    lines = ["| state | means | who acts next | what | within |", "|---|---|---|---|---|"]
    for state in ReferralState:
        wait = WAITS.get(state)
        told = f"{wait.actor} | {wait.action} | {wait.days} days" if wait else "nobody | - | -"
        lines.append(f"| {state} | {MEANINGS[state]} | {told} |")
    return lines


def _steps() -> list[str]:
    lines = ["| from | to | whose act | brings |", "|---|---|---|---|"]
    for step in TRANSITIONS:
        proofs = "; ".join(PROOFS[condition] for condition in step.needs) or "-"
        by = ", ".join(sorted(step.by))
        lines.append(f"| {step.source} | {step.target} | {by} | {proofs} |")
    return lines


def main() -> int:
    """Write the page, or compare it; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail if the page is out of date")
    drawn = page()
    if not parser.parse_args().check:
        PAGE.write_text(drawn, encoding="utf-8")
        return 0
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == drawn:
        return 0
    print(
        "docs/reference/referral-states.md is out of date: the table of states has changed. "
        "Run python tools/draw_referral_states.py and commit the page.",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
