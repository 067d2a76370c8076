"""How many times common random numbers cut the variance of a contrast, by scenario and measure."""

import argparse
import json

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


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--persons", type=int, default=10_000)
    parser.add_argument("--seeds", type=int, default=12)
    options = parser.parse_args()
    how, seeds = Setting(options.persons), range(1, options.seeds + 1)
    found = {
        f"{name} {measure}": round(
            variance_ratio(measure, read(name), defaults(), seeds=seeds, how=how), 1
        )
        for name, measure in CASES
    }
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
