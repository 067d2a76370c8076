"""Compare this engine with reference results, block by block.

Used by `test_references.py`, which also writes the table in `docs/methods/latent-references.md`.
"""

import json
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
from reference_blocks import whole_blocks

from footbridge import latent

ROOT = Path(__file__).resolve().parents[2]
REFERENCES = ROOT.parent / "shared" / "reference" / "latent"
if not REFERENCES.exists():
    REFERENCES = ROOT.parent.parent / "shared" / "reference" / "latent"
DROPPED = ("zero.cell.warn",)
# lavaan differentiates the first numerically, and finds the interval ends by a root search.
LOOSER = {"std.se": 1e-6} | {
    f"fit:{stem}.ci.{end}{suffix}": 1e-6
    for stem in ("rmsea", "gfi")
    for end in ("lower", "upper")
    for suffix in ("", ".scaled", ".robust")
}
#: Blocks of a file that the reference itself gets wrong, and why.
NOT_HELD = {
    "med_parallel2_secondorder": {
        "std.se": "lavaan's are rounding noise of second differences (step 1e-8); "
        "see test_second_order.py"
    }
}
NAMES = {"se.delta.second.order": "second_order_delta"}


@dataclass
class Outcome:
    """What became of one file: differences by block, or why there are none."""

    id: str
    status: str
    blocks: dict = field(default_factory=dict)
    tolerance: float = 1e-8
    note: str = ""

    @property
    def worst(self):
        """Block and size of the largest difference in units of its tolerance."""
        return max(self.blocks.items(), key=lambda b: b[1] / self.allowed(b[0]), default=("-", 0.0))

    def allowed(self, block):
        """Tolerance of one block; a z value divides by an error that may be tiny."""
        if block == "resid.z":
            return max(10 * self.tolerance, 1e-5)
        return max(self.tolerance, LOOSER.get(block, 0.0))

    @property
    def matched(self):
        return self.status == "compared" and self.worst[1] <= self.allowed(self.worst[0])


def names():
    return sorted(p.stem for p in (REFERENCES / "models").glob("*.json"))


@lru_cache
def load(name):
    return json.loads((REFERENCES / "models" / f"{name}.json").read_text())


@lru_cache
def data(name):
    return pd.read_csv(REFERENCES / "data" / name)


def difference(ours, theirs):
    """Largest |a - b| / max(1, |a|, |b|); both missing agree, one missing is infinite."""
    if theirs is None or (isinstance(theirs, float) and np.isnan(theirs)):
        return 0.0 if ours is None or not np.isfinite(ours) else np.inf
    if theirs == "Inf":
        return 0.0 if np.isposinf(ours) else np.inf
    if ours is None or not np.isfinite(ours):
        return np.inf
    return abs(ours - theirs) / max(1.0, abs(ours), abs(theirs))


def call(reference):
    """Return the arguments of a call from a reference file."""
    options = {}
    for key, value in (reference["options"] or {}).items():
        if key in DROPPED:
            continue
        name = NAMES.get(key, key.replace(".", "_"))
        if key == "control":
            options["max_iterations"] = value["iter.max"]
            continue
        if name in {"group_equal", "group_partial"}:
            value = tuple([value] if isinstance(value, str) else value)
        if name == "sample_cov":
            value = pd.DataFrame(value["x"], index=value["rows"], columns=value["cols"])
        options[name] = value
    ordered = reference["ordered"]
    if isinstance(ordered, list) and ordered == [True]:
        ordered = True
    if reference["data"]:
        options["data"] = data(reference["data"])
    return {
        "model": reference["model"],
        "ordered": ordered or None,
        "preset": reference["fun"],
    } | options


def tolerance_of(reference):
    """Return the tolerance that the references support, from their README."""
    if not reference.get("polish", {}).get("done", False):
        return 1e-4
    if reference["n"].get("ov_ord"):
        return 1e-6
    resolved = reference["resolved"]
    observed = "observed" in resolved["information"]
    test = resolved["test"]
    scaled = any(
        t not in {"standard", "browne.residual.nt.model"}
        for t in ([test] if isinstance(test, str) else test)
    )
    return 1e-6 if observed or scaled or resolved["missing"] != "listwise" else 1e-8


def _keys(block):
    n = len(block["lhs"])
    groups = block.get("level") or block.get("group") or [1] * n
    blocks = block.get("block") or [1] * n
    keys = []
    for i in range(n):
        group = 0 if block["op"][i] == ":=" else max(groups[i] or 1, 1)
        keys.append((block["lhs"][i], block["op"][i], block["rhs"][i].replace(" ", ""), group))
    del blocks
    return keys


def _frame_difference(frame, block, columns):
    ours = {}
    for row in frame.to_dict("records"):
        ours[
            (
                row["lhs"],
                row["op"],
                row["rhs"].replace(" ", ""),
                0 if row["op"] == ":=" else row.get("level", row["group"]),
            )
        ] = row
    found = {}
    for mine, theirs in columns.items():
        worst = 0.0
        for i, key in enumerate(_keys(block)):
            if key[1] in {"==", "<", ">"}:
                continue
            other = (key[2], key[1], key[0], key[3])
            row = ours.get(key) or (ours.get(other) if key[1] == "~~" else None)
            worst = max(worst, np.inf if row is None else difference(row[mine], block[theirs][i]))
        found[theirs] = worst
    return found


def compare_fit(fit, reference):
    """Return the largest difference of every block."""
    disputed = set(reference["cross"]["disputed"])
    blocks = {}
    columns = {"est": "est"} if "est" not in disputed else {}
    full = "std.all" in reference["estimates"]
    if "se" not in disputed and fit.options.se != "none":
        columns |= {"se": "se"}
    if "est" not in disputed and full:
        columns |= {"std.lv": "std.lv", "std.all": "std.all"}
    blocks |= _frame_difference(fit.estimates, reference["estimates"], columns)
    if "est" not in disputed and "lhs" in (reference.get("standardized") or {}):
        wanted = {"est.std": "est.std"} | ({"se": "se"} if "se" not in disputed else {})
        levels = {k: v for k, v in reference["estimates"].items() if k == "level"}
        block = {**reference["standardized"], **levels}
        found = _frame_difference(fit.standardized("all"), block, wanted)
        blocks |= {f"std.{k}": v for k, v in found.items()}
    if "est" not in disputed:
        blocks |= _fit_measures(fit, reference, disputed)
        blocks["r2"] = _r2(fit, reference)
    return blocks | whole_blocks(fit, reference, difference)


def _fit_measures(fit, reference, disputed):
    found = {}
    ours = fit.fit_measures
    for name, value in (reference["fit"] or {}).items():
        if f"fit:{name}" in disputed:
            continue
        found[f"fit:{name}"] = difference(ours.get(name), value)
    return found


def _r2(fit, reference):
    theirs = reference.get("r2") or {}
    if "within" in theirs:
        outer = {f"{k}.l2": v for k, v in dict(theirs["cluster"]).items()}
        theirs = {**dict(theirs["within"]), **outer}
    if any(isinstance(v, dict) for v in theirs.values()):
        return 0.0
    ours = fit.r2()
    return max((difference(ours.get(k), v) for k, v in theirs.items()), default=0.0)


def _no_solution(name, reference, note=""):
    """Handle searches that lavaan too gave up: no minimum, no errors, and a reason."""
    fit = latent.fit(**call(reference))
    said = "; ".join(str(a) for a in fit.advice if a.code == "not-converged")
    errors = fit.estimates["se"].to_numpy()
    blank = not fit.converged and said and np.isnan(errors).any() and not (errors > 0).any()
    status = "no solution, as it should say" if blank else "failed"
    return Outcome(name, status, note=f"{note}{said}"[:150])


def _not_identified(name, reference):
    """Handle models that are not identified: the parameters must be named."""
    fit = latent.fit(**call(reference))
    said = "; ".join(str(a) for a in fit.advice)[:150]
    good = "not-identified" in {a.code for a in fit.advice}
    return Outcome(name, "warned as it should be" if good else "failed", note=said)


def of_older_release(reference):
    """Return what lavaan 0.6-14 said about the same call, in the form of a reference."""
    other = reference["cross"]["other"]
    # Before 0.7 the names of the GFI family stood for the LISREL forms.
    named = {"agfi_lisrel" if k == "agfi" else k: v for k, v in (other["fit"] or {}).items()}
    # It found no baseline for some calls: what it does not say is not compared.
    fit = {k: v for k, v in named.items() if v is not None}
    older = {"estimates": other["estimates"], "fit": fit, "r2": {}, "standardized": {}}
    return {**reference, **older, "status": "ok", "cross": {"disputed": []}}


def _older(name, reference):
    """Compare with lavaan 0.6-14 where 0.7 refuses what is well defined."""
    older = of_older_release(reference)
    blocks = compare_fit(latent.fit(**call(reference), mimic="lavaan-0.6"), older)
    return Outcome(name, "compared", blocks, 1e-6, note="lavaan 0.6-14; 0.7 refuses the call")


def _special(name, reference):
    """Handle what is no estimate to compare; None where there is one."""
    cross = reference.get("cross") or {}
    status = reference.get("status", "ok"), cross.get("status", "ok")
    if status == ("error", "ok"):
        return _older(name, reference)
    if status[0] == "error" or "duplicate" in cross.get("error", ""):
        return _refusal(name, reference)
    if any("not be inverted" in w for w in _texts(reference)):
        return _not_identified(name, reference)
    if "not_converged" in status:
        both = status[0] == status[1]
        return _no_solution(
            name, reference, "" if both else "as 0.6-14 (0.7 switches the marker): "
        )
    if "estimates" not in reference:
        kind = reference.get("kind")
        return Outcome(
            name,
            "not run",
            note=f"kind {kind}: see its own test" if kind else "see test_moments.py",
        )
    return None


@cache
def outcome(name):
    """Run one file; the table asks again for what the tests have found."""
    reference = load(name)
    special = _special(name, reference)
    if special is not None:
        return special
    try:
        fit = latent.fit(**call(reference))
        blocks = compare_fit(fit, reference)
    except latent.LatentError as error:
        return Outcome(name, "refused", note=str(error)[:150])
    except Exception as error:
        return Outcome(name, "failed", note=f"{type(error).__name__}: {error}"[:150])
    wrong = NOT_HELD.get(name, {})
    blocks = {block: gap for block, gap in blocks.items() if block not in wrong}
    note = "; ".join(f"without {block}: {reason}" for block, reason in wrong.items())
    return Outcome(name, "compared", blocks, tolerance_of(reference), note)


def _texts(reference):
    found = reference.get("warnings") or []
    return [found] if isinstance(found, str) else found


def _refusal(name, reference):
    try:
        latent.fit(**call(reference))
    except latent.LatentError as error:
        return Outcome(name, "refused as it should be", note=str(error)[:150])
    except Exception as error:
        return Outcome(name, "failed", note=f"{type(error).__name__}: {error}"[:150])
    return Outcome(name, "should be refused")


if __name__ == "__main__":
    import sys

    for each in names():
        if any(part in each for part in sys.argv[1:]) or len(sys.argv) == 1:
            o = outcome(each)
            bad = {k: f"{v:.0e}" for k, v in o.blocks.items() if v > o.allowed(k)}
            print(
                o.id,
                o.status,
                "MATCH" if o.matched else "",
                f"{o.worst[1]:.1e}",
                o.note,
                dict(list(bad.items())[:14]) if bad else "",
                flush=True,
            )
