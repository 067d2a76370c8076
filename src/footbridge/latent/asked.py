"""What a fit was asked for, before anything is read: an unknown wish must not be passed over."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

import pandas as pd

from footbridge.latent.errors import DataError, ModelError, OptionError
from footbridge.latent.options import Options
from footbridge.latent.prior import read_prior

_INTERNAL = {"categorical", "discrepancy"}
_KNOWN = tuple(f.name for f in fields(Options) if f.name not in _INTERNAL)
_LISTS = ("group_equal", "group_partial", "auxiliary")
_EQUAL = (
    "loadings", "intercepts", "means", "thresholds", "regressions", "residuals",
    "residual.covariances", "lv.variances", "lv.covariances",
)  # fmt: skip
_WORDS: Mapping[str, tuple[str, ...]] = {
    "preset": ("sem", "cfa", "growth", "lavaan"),
    "parameterization": ("delta", "theta"),
    "likelihood": ("normal", "wishart"),
    "information": ("expected", "observed", "first.order"),
    "se": ("standard", "robust.sem", "robust.sem.nt", "robust.huber.white", "first.order",
           "posterior", "none"),
    "test": ("standard", "satorra.bentler", "yuan.bentler.mplus", "mean.var.adjusted",
             "scaled.shifted", "browne.residual.nt", "none"),
}  # fmt: skip


def check_call(model: object, data: object) -> None:
    """Refuse a model that is no text and data that are no table.

    Raises
    ------
    ModelError, DataError
        With what to pass instead.
    """
    if not isinstance(model, str):
        swapped = isinstance(model, pd.DataFrame) and isinstance(data, str)
        raise ModelError(
            f"The model is a {type(model).__name__}.",
            "It must be text in lavaan's syntax.",
            "The model comes first, the data second."
            if swapped
            else 'Pass for example "f =~ x1 + x2 + x3"; join lines with "\\n".join(lines).',
        )
    if data is None:
        return
    if not isinstance(data, pd.DataFrame):
        raise DataError(
            f"The data are a {type(data).__name__}.",
            "They must be a pandas table, whose columns have the names that the model uses.",
            "Use pandas.read_csv(path)." if isinstance(data, str) else "Use pandas.DataFrame(...).",
        )
    if not data.columns.is_unique:
        double = [str(name) for name in data.columns[data.columns.duplicated()]]
        raise DataError(
            f"The column '{double[0]}' is there twice.",
            "Which of the two is meant cannot be known.",
            "Rename or drop one of them.",
        )


def checked(
    asked: Mapping[str, Any], ordered: Sequence[str] | str | bool | None, data: pd.DataFrame | None
) -> tuple[dict[str, Any], list[str] | bool | None]:
    """Return options and ordered names in the form that the library uses.

    One name may stand for a list of one. Names in `ordered` that the model does not have are
    left out, as lavaan does, if the data have them.

    Raises
    ------
    OptionError
        If an option, a value of it or an ordered name is not known.
    """
    said = dict(asked)
    if "prior" in said:
        said["prior"] = read_prior(said["prior"])
    for name in said:
        if name not in _KNOWN:
            raise _unknown(name, _KNOWN)
    for name in _LISTS:
        if isinstance(said.get(name), str):
            said[name] = (said[name],)
        elif said.get(name) is not None:
            said[name] = tuple(said[name])
    _check_words(said)
    names = [ordered] if isinstance(ordered, str) else ordered
    if isinstance(names, bool) or names is None:
        return said, names or None
    return said, _ordered([*names], data)


def _check_words(said: Mapping[str, Any]) -> None:
    """Refuse words that no option knows."""
    for word in said.get("group_equal") or ():
        _require("group_equal", word, _EQUAL)
    if said.get("se") in {"bootstrap", "boot"}:
        raise OptionError(
            "se='bootstrap' is not an option here.",
            "Draws are made after the fit, so that their status is kept.",
            "Call latent.bootstrap(fit, 1000), then .intervals('percentile') or 'bca'.",
        )
    for name, words in _WORDS.items():
        if said.get(name) is not None:
            _require(name, said[name], words)


def _ordered(names: list[str], data: pd.DataFrame | None) -> list[str]:
    absent = [n for n in names if data is not None and n not in data.columns]
    if absent:
        near = difflib.get_close_matches(str(absent[0]), [str(c) for c in data.columns], n=2)  # type: ignore[union-attr]
        raise OptionError(
            f"ordered= names '{absent[0]}'.",
            "The data have no such column, so a variable would be taken as continuous.",
            f"Did you mean {' or '.join(near)}?" if near else "Correct the name.",
        )
    return names


def _unknown(name: str, known: Sequence[str]) -> OptionError:
    plain = name.replace(".", "_")
    near = [plain] if plain in known else difflib.get_close_matches(plain, known, n=2)
    return OptionError(
        f"There is no option '{name}'.",
        "Options have lavaan's names, with _ for the dot." if "." in name else
        "It would be passed over, and the result would not be what was asked for.",
        f"Did you mean {' or '.join(near)}?" if near else f"Options are {', '.join(known)}.",
    )  # fmt: skip


def _require(name: str, value: object, words: Sequence[str]) -> None:
    if value not in words:
        raise OptionError(
            f"{name}='{value}' is not known.",
            "It is not one of the words that are offered here.",
            f"Choose {', '.join(words[:-1])} or {words[-1]}.",
        )
