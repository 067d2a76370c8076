"""From what summaries tell of each person to a table of people: one quarter, fixed categories.

Each person is counted once in a table, or once a row where they may have several needs;
so a threshold on a cell is a threshold on people.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from footbridge.disclosure.sheets import CellKey, Count, Sheet, one_way, steps, two_way
from footbridge.journey.people.records import Course
from footbridge.trust.quarters import Quarter

Life = Sequence[Course]
"""All courses of one person."""

NO_CHECKUP, NOT_IN_NEED, IN_NEED = "no-checkup", "only held", "need"
CASCADE = ("held", "need", "agreed", "showed", "stayed")
NEEDS: Mapping[str, tuple[str, ...]] = {
    "treatment": ("drug-treatment",),
    "health": ("health", "hiv-hcv", "mental-health", "naloxone"),
    "money": ("social-security", "documents", "legal"),
    "home": ("housing", "food", "family"),
    "work": ("employment", "education"),
}
REACHED = ("not-linked", "linked", "engaged")
TRACKED = ("in-window", "late", "missed")
ENDINGS = ("completed", "left-early", "transferred")
FOLLOWED = ("week", "month", "none")
ELSEWHERE = ("yes", "no")
RETURNED = ("30", "90", "none")


def care(lives: Iterable[Life], quarter: Quarter) -> Sheet:
    """Count people in care by state of need."""
    found = Counter(dict.fromkeys((IN_NEED, NOT_IN_NEED, NO_CHECKUP), 0))
    for life in _within(lives, quarter):
        step = _furthest(life)
        if step is not None:
            found[NOT_IN_NEED if step == "held" else IN_NEED] += 1
        elif life:
            found[NO_CHECKUP] += 1
    return one_way(f"care {quarter}", "step", dict(found))


def cascade(lives: Iterable[Life], quarter: Quarter) -> Sheet:
    """Count how far people came: checked up, in need, agreed, showed, stayed 14 days.

    Its cells bear the names of `care`'s where they count the same people, so that the two
    tables are audited together.
    """
    found = Counter(_furthest(life) for life in _within(lives, quarter))
    return steps(f"care {quarter}", "step", [(step, found[step]) for step in CASCADE])


def referrals(lives: Iterable[Life], quarter: Quarter) -> Sheet:
    """Count people by what they were referred for and how far they came with it."""
    pairs: Counter[tuple[str, str]] = Counter(
        {(need, reached): 0 for need in NEEDS for reached in REACHED}
    )
    columns: Counter[str] = Counter()
    people = 0
    for life in _within(lives, quarter):
        best = {need: _reached(life, domains) for need, domains in NEEDS.items()}
        mine = [(need, reached) for need, reached in best.items() if reached is not None]
        pairs.update(mine)
        columns.update({reached for _, reached in mine})
        people += bool(mine)
    population = f"referred {quarter}"
    totals = {
        CellKey.of(population, {"reached": one}): Count(
            sum(pairs[need, one] for need in NEEDS), columns[one]
        )
        for one in REACHED
    }
    totals[CellKey(population)] = Count(pairs.total(), people)
    return two_way(population, ("need", "reached"), dict(pairs), totals=totals)


def reasons(groups: Mapping[str, str]) -> Callable[[Iterable[Life], Quarter], Sheet]:
    """Return the count of people by the reason why a referral of theirs led nowhere.

    Parameters
    ----------
    groups : mapping of str to str
        The group of each reason's code.
    """

    def count(lives: Iterable[Life], quarter: Quarter) -> Sheet:
        found = Counter(dict.fromkeys(groups.values(), 0))
        for life in _within(lives, quarter):
            told = [
                group
                for course in life
                if course.kind == "referral" and "linked" not in course.codes
                for code, group in sorted(groups.items())
                if f"reason-{code}" in course.codes
            ]
            if told:
                found[told[-1]] += 1
        return one_way(f"not-linked {quarter}", "reason", dict(found))

    return count


def tracking(lives: Iterable[Life], quarter: Quarter) -> Sheet:
    """Count people by whether their check-ups were held, and held in their windows."""
    found = Counter(dict.fromkeys(TRACKED, 0))
    for life in _within(lives, quarter):
        due = [course.codes for course in life if course.kind == "checkup"]
        if not due:
            continue
        if any("missed" in codes for codes in due):
            found["missed"] += 1
        else:
            found["in-window" if all("in-window" in codes for codes in due) else "late"] += 1
    return one_way(f"due {quarter}", "tracked", dict(found))


def stays(lives: Iterable[Life], quarter: Quarter) -> Sheet:
    """Count people by how their last stay ended and how soon they were reached after it."""
    found = Counter({(ended, seen): 0 for ended in ENDINGS for seen in FOLLOWED})
    for life in _within(lives, quarter):
        last = _last_stay(life)
        if last is not None:
            week = bool({"follow-2", "follow-7"} & last)
            seen = "week" if week else "month" if "follow-30" in last else "none"
            found[_ending(last), seen] += 1
    return two_way(f"left {quarter}", ("ended", "seen"), dict(found))


def returns(lives: Iterable[Life], quarter: Quarter) -> Sheet:
    """Count people by how soon after a stay they came back to one."""
    found = Counter(dict.fromkeys(RETURNED, 0))
    for life in _within(lives, quarter):
        last = _last_stay(life)
        if last is not None:
            soon = "30" if "returned-30" in last else "90" if "returned-90" in last else "none"
            found[soon] += 1
    return one_way(f"left {quarter}", "returned", dict(found))


def events(kinds: Sequence[str]) -> Callable[[Iterable[Life], Quarter], Sheet]:
    """Return the count of people to whom each kind of harm happened."""

    def count(lives: Iterable[Life], quarter: Quarter) -> Sheet:
        found = Counter(dict.fromkeys(kinds, 0))
        people = 0
        for life in _within(lives, quarter):
            told = {
                kind
                for course in life
                if course.kind == "event"
                for kind in kinds
                if kind in course.codes
            }
            found.update(told)
            people += bool(told)
        return one_way(f"harmed {quarter}", "harm", dict(found), total=Count(found.total(), people))

    return count


def elsewhere(lives: Iterable[Life], quarter: Quarter) -> Sheet:
    """Count people by what they said last about another site, after their own two tosses."""
    found = Counter(dict.fromkeys(ELSEWHERE, 0))
    for life in _within(lives, quarter):
        said = [one for course in life for one in ELSEWHERE if f"elsewhere-{one}" in course.codes]
        if said:
            found[said[-1]] += 1
    return one_way(f"asked {quarter}", "elsewhere", dict(found))


def in_care(lives: Iterable[Life], quarter: Quarter) -> int:
    """Return the number of people in care in a quarter: the headline."""
    return sum(1 for life in _within(lives, quarter) if life)


_COUNTED = {"checkup", "referral", "stay", "event"}


def _within(lives: Iterable[Life], quarter: Quarter) -> Iterable[list[Course]]:
    """Yield each person's courses of the quarter, oldest first."""
    for life in lives:
        mine = [one for one in life if one.kind in _COUNTED and quarter.holds(one.week)]
        yield sorted(mine, key=lambda one: (str(one.week), sorted(one.codes)))


def _furthest(life: Life) -> str | None:
    """Return the last step of the cascade that a person reached; each needs the one before."""
    held = [one.codes for one in life if one.kind == "checkup" and "held" in one.codes]
    referred = [one.codes for one in life if one.kind == "referral"]
    reached = {
        "held": bool(held),
        "need": any("need" in codes for codes in held),
        "agreed": any({"need", "agreed"} <= codes for codes in held),
        "showed": any("linked" in codes for codes in referred),
        "stayed": any({"linked", "engaged"} <= codes for codes in referred),
    }
    last = None
    for step in CASCADE:
        if not reached[step]:
            break
        last = step
    return last


def _reached(life: Life, domains: Sequence[str]) -> str | None:
    """Return how far a person came with referrals for some domains; None without one."""
    mine = [
        one.codes
        for one in life
        if one.kind == "referral" and any(f"domain-{domain}" in one.codes for domain in domains)
    ]
    if not mine:
        return None
    if any("engaged" in codes or "retained" in codes for codes in mine):
        return "engaged"
    return "linked" if any("linked" in codes for codes in mine) else "not-linked"


def _last_stay(life: Life) -> frozenset[str] | None:
    ended = [one.codes for one in life if one.kind == "stay" and "open" not in one.codes]
    return ended[-1] if ended else None


def _ending(codes: frozenset[str]) -> str:
    return next((one for one in ENDINGS if one in codes), "left-early")
