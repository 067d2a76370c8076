"""The steps of measurement invariance together: a mapping that shows itself as a table."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from footbridge.latent.asked import check_call
from footbridge.latent.errors import OptionError
from footbridge.latent.fitting import fit as fit_model
from footbridge.latent.hints import hint_texts, step_hints
from footbridge.latent.html import frame_html, list_html
from footbridge.latent.nested import compare
from footbridge.latent.repeated import Design, Occasions, over_groups, over_time
from footbridge.latent.result import Fit
from footbridge.latent.steps import Writer, releases


class Ladder(dict[str, Fit]):
    """Fits by step, from the freest to the strictest.

    It is the dict that `invariance` has always returned; `to_frame`, `hints` and the notebook
    add what is read from it: each step's fit, its test against the step before, and which of
    its equalities fits worst. `notes` say what a step could not ask of these items.
    """

    def __init__(self, steps: Iterable[tuple[str, Fit]], *, notes: Sequence[str] = ()) -> None:
        super().__init__(steps)
        self.notes = tuple(notes)

    def to_frame(self, *, method: str | None = None) -> pd.DataFrame:
        """Return one row per step: its fit, its change, its difference test.

        Parameters
        ----------
        method
            The difference test; see `compare`.

        Returns
        -------
        pandas.DataFrame
            Columns step, Df, Chisq, cfi, rmsea, srmr, cfi change, rmsea change, Chisq diff,
            Df diff, Pr(>Chisq), converged. Indices are the corrected ones where there are such.
        """
        fits = list(self.values())
        tests = [compare(a, b, method=method).iloc[1] for a, b in itertools.pairwise(fits)]
        suffix = ".scaled" if fits and fits[0].solution.scaled is not None else ""
        frame = pd.DataFrame(
            {
                "step": list(self),
                "Df": [f.solution.plain.df for f in fits],
                "Chisq": [f.test.statistic for f in fits],
                **{n: [f.fit_measures[n + suffix] for f in fits] for n in ("cfi", "rmsea")},
                "srmr": [f.fit_measures["srmr"] for f in fits],
            }
        )
        for name in ("cfi", "rmsea"):
            frame[f"{name} change"] = frame[name].diff()
        for column in ("Chisq diff", "Df diff", "Pr(>Chisq)"):
            frame[column] = [float("nan"), *(float(t[column]) for t in tests)]
        frame["converged"] = [f.converged for f in fits]
        return frame

    def hints(self, step: str | None = None) -> pd.DataFrame:
        """Return what releasing each new equality of a step would gain, the largest first.

        Parameters
        ----------
        step
            One step; by default all that could be tested.

        Returns
        -------
        pandas.DataFrame
            Columns step, what (in words), partial (the text for `partial=`), X2, df, p.value:
            score tests of equal parameters, modification indices of those that a step fixes;
            the generalised statistics where the fit is robust.

        Raises
        ------
        OptionError
            If there is no such step.
        """
        if step is not None and step not in list(self)[1:]:
            raise OptionError(
                f"There is no step '{step}' to look into.",
                "Each step but the first holds something equal that the one before does not.",
                f"Choose {' or '.join(list(self)[1:])}.",
            )
        pairs = itertools.pairwise(self.items())
        found = [
            step_hints(name, before, held)
            for (_, before), (name, held) in pairs
            if step in {None, name} and held.converged
        ]
        return pd.concat(found, ignore_index=True) if found else step_hints("", None, None)

    def advice(self, *, level: float = 0.05) -> tuple[str, ...]:
        """Return in words, for each step that the data reject, what fits worst in it.

        Parameters
        ----------
        level
            Below this probability a difference test rejects its step.
        """
        frame = self.to_frame()
        lost = [f"'{s}' found no minimum: do not read its line." for s in
                frame.loc[~frame["converged"], "step"]]  # fmt: skip
        failed = frame.loc[(frame["Pr(>Chisq)"] < level) & frame["converged"], "step"]
        return (*lost, *(text for s in failed for text in hint_texts(s, self.hints(s))))

    def _repr_html_(self) -> str:
        table = frame_html(self.to_frame(), caption="Measurement invariance")
        return f"<div>{table}{list_html(self.advice())}{list_html(self.notes)}</div>"


CONTINUOUS: Mapping[str, tuple[str, ...]] = {
    "configural": (),
    "metric": ("loadings",),
    "scalar": ("loadings", "intercepts"),
    "strict": ("loadings", "intercepts", "residuals"),
}


def invariance(
    model: str,
    data: pd.DataFrame,
    *,
    group: str | None = None,
    occasions: Occasions | None = None,
    partial: Sequence[str] = (),
    **options: Any,
) -> Ladder:
    """Fit the ladder of measurement invariance over groups, or over time.

    Continuous: configural, metric, scalar, strict (Meredith 1993). Ordinal: configural,
    thresholds, loadings, scalar, strict (Wu and Estabrook 2016), under theta unless delta is
    asked for, which has no strict step. A step that items cannot test is left out.

    Parameters
    ----------
    model
        lavaan syntax of the measurement model.
    data
        One row per case; over time one row per person, with a column for each occasion.
    group
        The column that holds the groups.
    occasions
        Over time, either occasions with their items in the order of a model that is written
        once, `{"t1": ["a1", "b1", "c1"], "t2": ["a2", "b2", "c2"]}`, or, where the model is
        written for all occasions, the names of each factor, `{"f": ["f1", "f2"]}`, whose items
        are matched by their order (semTools' longFacNames).
    partial
        What stays free, such as "f =~ b", "b | t2", "b ~ 1", "b ~~ b"; over time the name of a
        later occasion ("b3 ~ 1") frees it there only.
    **options
        As for `fit`. Over time also `auto`: up to which lag residuals of the same item covary
        ("all", the default; 1 for neighbouring occasions; 0 for none).

    Returns
    -------
    Ladder
        A dict of fits by step with `to_frame()`: fit, change and difference test of each step;
        `hints()`: which equality fits worst; `notes`.

    Raises
    ------
    LatentError
        As for `fit`; if neither or both of group and occasions are given, if an item is
        missing on an occasion, or if its categories differ.

    Examples
    --------
    >>> from footbridge.latent import simulate
    >>> truth = "f =~ 0.8*a + 0.7*b + 0.6*c + 0.7*d"
    >>> data = simulate(truth, 300, seed=3).assign(site=[1, 2] * 150)
    >>> steps = invariance("f =~ a + b + c + d", data, group="site")
    >>> list(steps)
    ['configural', 'metric', 'scalar', 'strict']
    >>> steps.to_frame()["Df diff"].tolist()[1:]
    [3.0, 3.0, 4.0]

    The same questions asked twice:

    >>> later = simulate(truth, 300, seed=4)
    >>> twice = data.add_suffix("1").join(later.add_suffix("2"))
    >>> times = {"before": ["a1", "b1", "c1", "d1"], "after": ["a2", "b2", "c2", "d2"]}
    >>> invariance("f =~ a + b + c + d", twice, occasions=times).to_frame()["Df"].tolist()
    [15, 18, 21, 25]
    """
    check_call(model, data)
    if options.get("prior") is not None:
        raise OptionError(
            "invariance() does not go with prior=.",
            "Its steps are judged by difference tests, and a posterior mode has none.",
            "Leave prior= out; where groups are too small for that, test fewer items.",
        )
    if (group is None) == (occasions is None):
        raise OptionError(
            "invariance() needs group= or occasions=, and one of them.",
            "A ladder is climbed over groups or over time; both at once mix two questions.",
            'Write group="site", or occasions={"t1": [...], "t2": [...]}.',
        )
    kept = [partial] if isinstance(partial, str) else [*partial, *options.pop("group_partial", ())]
    if occasions is not None:
        auto = options.pop("auto", "all")
        design, ordered = over_time(
            model, _counted(data, occasions, options), occasions, _names(options)
        )
        options = {"std_lv": True, "meanstructure": True, **options, "ordered": ordered}
        return _climbed(design, data, kept, options, extra=_autocovariances(design, auto))
    if not kept and not options.get("ordered") and not options.get("std_lv"):
        return Ladder(
            (name, _fit(model, data, options, group=group, group_equal=equal))
            for name, equal in CONTINUOUS.items()
        )
    labels = [str(g) for g in data[group].dropna().unique()] if group in data.columns else [""]
    design = over_groups(model, data, labels, _names(options))
    return _climbed(design, data, kept, {"group": group, **options})


def _names(options: Mapping[str, Any]) -> Any:  # noqa: ANN401 - as the option is passed
    ordered = options.get("ordered")
    return [ordered] if isinstance(ordered, str) else ordered


def _fit(model: str, data: pd.DataFrame, options: Mapping[str, Any], **more: Any) -> Fit:
    return fit_model(model, data, **{"preset": "cfa", **options, **more})


def _counted(data: pd.DataFrame, occasions: Occasions, options: Mapping[str, Any]) -> pd.DataFrame:
    """Return the cases whose categories count: one that only left-out cases have is none."""
    known = [c for names in occasions.values() for c in names if c in data.columns]
    listwise = options.get("missing", "listwise") == "listwise"
    return data.dropna(subset=known) if listwise else data


def _autocovariances(design: Design, auto: object) -> list[str]:
    """Return residual covariances of the same item over occasions, up to a lag."""
    if auto is True or auto == "all":
        auto = len(design.cells)
    if not isinstance(auto, int) or auto < 0:
        raise OptionError(
            f"auto={auto!r} is not known.",
            "It says up to how many occasions apart the residuals of an item covary.",
            'Choose "all", 0 for none, or 1, 2, ... for occasions that far apart.',
        )
    written = design.written
    pairs = [
        (item.names[a], item.names[b])
        for item in design.items
        for a, b in itertools.combinations(range(len(design.cells)), 2)
        if b - a <= auto
    ]
    return [f"{a} ~~ {b}" for a, b in pairs if frozenset((a, b)) not in written]


def _climbed(
    design: Design,
    data: pd.DataFrame,
    kept: Sequence[str],
    options: Mapping[str, Any],
    *,
    extra: Sequence[str] = (),
) -> Ladder:
    """Write and fit every step."""
    released = releases(design, kept)
    loose = any(r[0] == "=~" for r in released)
    given = {"parameterization": "theta"} if design.ordinal else {}
    options = {**given, "std_lv": loose, **{k: v for k, v in options.items() if v is not None}}
    std_lv, theta = bool(options["std_lv"]), options.get("parameterization") == "theta"
    if loose and not std_lv:
        raise OptionError(
            "partial= releases a loading, and std_lv=False holds one at 1.",
            "The loading that is fixed could not be told from the one that is free.",
            "Leave std_lv out: the first cell then gives the factor variance 1.",
        )
    writer = Writer(design, released, theta=theta, std_lv=std_lv)
    steps = writer.steps()
    fits = [(name, _fit(writer.model(step, extra), data, options)) for name, step in steps]
    return Ladder(fits, notes=_notes(design, writer, [name for name, _ in steps]))


def _notes(design: Design, writer: Writer, steps: Sequence[str]) -> list[str]:
    """Return what the steps could not ask of these items."""
    found = []
    if late := writer.late():
        found.append(
            f"{', '.join(late)}: one equal threshold cannot tell loading, intercept and residual "
            "variance apart, so they are held equal together, at 'scalar'."
        )
    if design.ordinal and "thresholds" not in steps:
        found.append(
            "Equal thresholds cannot be tested alone: that takes an item of four categories or "
            "more. They are held equal with what comes next."
        )
    if design.ordinal and "strict" not in steps:
        found.append(
            "No strict step: residual variances are no parameters under delta. "
            'parameterization="theta" has it.'
        )
    return found
