"""How many times common random numbers cut the variance of a contrast, by scenario and measure."""

from footbridge.microsim.analysis import variance_ratio
from footbridge.microsim.parameters import defaults
from footbridge.microsim.run import Setting
from footbridge.microsim.scenarios import read

CASES = (
    ("q1-stigma", "methadone_entries"),
    ("q1-stigma", "methadone_years"),
    ("rmi", "methadone_years"),
    ("rmi", "linked_6"),
    ("naloxone", "use_years"),
    ("q2-entry", "methadone_years"),
)


def pairing(*, persons, seeds):
    """Return the ratio of variances, independent over paired, by scenario and measure."""
    how = Setting(persons)
    return {
        f"{name} {measure}": round(
            variance_ratio(measure, read(name), defaults(), seeds=range(1, seeds + 1), how=how), 1
        )
        for name, measure in CASES
    } | {"persons": persons, "seeds": seeds}
