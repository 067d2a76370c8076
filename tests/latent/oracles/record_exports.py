"""Record exports.csv: what R (lavaan 0.6-14) estimates for the calls that test_exports writes.

Run with src and tests/latent on PYTHONPATH, from anywhere: python record_exports.py
"""

import tempfile
from pathlib import Path

import pandas as pd
from test_exports import CASES, _in_r, fitted
from trial_data import trial

from footbridge.latent.exportlavaan import to_lavaan


def main():
    data = trial().assign(site=[1, 2] * 150)
    folder = Path(tempfile.mkdtemp())
    data.to_csv(folder / "data.csv", index=False)
    parts = ["suppressMessages(library(lavaan))", 'data <- read.csv("data.csv")']
    for k, name in enumerate(CASES):
        found = to_lavaan(fitted(name, data))
        parts += [f"model <- '\n{found.model}\n'", found.call,
                  f'write.csv(parameterEstimates(fit), "{k}.csv", row.names = FALSE)']  # fmt: skip
    _in_r("\n".join(parts), folder)
    kept = []
    for k, name in enumerate(CASES):
        table = pd.read_csv(folder / f"{k}.csv").fillna({"rhs": ""})
        table["group"] = table.get("group", 1)
        table.loc[table["op"].isin([":=", "=="]), "group"] = 0
        table.insert(0, "case", name)
        kept.append(table[["case", "lhs", "op", "rhs", "group", "est", "se"]])
    target = Path(__file__).with_name("exports.csv")
    pd.concat(kept).round(7).to_csv(target, index=False)


if __name__ == "__main__":
    main()
