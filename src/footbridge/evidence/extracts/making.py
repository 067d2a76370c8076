"""From opened rows to a sealed file: coarsened, with fresh ids, in an order that means nothing."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from footbridge.disclosure.errors import MicrodataError
from footbridge.disclosure.microdata import Asked, Ladder, Row, Safe, anonymise
from footbridge.disclosure.recipients import SEALED_MARK, read_public
from footbridge.evidence.extracts.variables import MOST_KNOWABLE, VARIABLES
from footbridge.journey.outcomes.records import OutcomeBands
from footbridge.trust.decisions import HouseError, gettext_noop
from footbridge.trust.vault import crypto

K, L = 10, 2
FIXED_DAY = (1980, 1, 1, 0, 0, 0)


class ExtractError(HouseError):
    """An extract that cannot be asked for, agreed to or made."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """An extract of the same people that left before: its columns, and how coarse they were."""

    variables: tuple[str, ...]
    levels: Mapping[str, int]


def check_variables(codes: Sequence[str]) -> None:
    """Raise ExtractError unless the choice can be made safe at all."""
    if not set(codes) <= set(VARIABLES) or not codes:
        raise ExtractError(gettext_noop("Choose at least one variable from the list."))
    if sum(VARIABLES[code].knowable for code in codes) > MOST_KNOWABLE:
        raise ExtractError(
            gettext_noop(
                "Too many of these could be known to others. Together they would point at single "
                "people; choose {most} of them at most."
            ),
            most=MOST_KNOWABLE,
        )


def rows_of(outcomes: Iterable[OutcomeBands]) -> list[Row]:
    """Return one row a person with every variable of the list."""
    return [{code: one.read(bands) for code, one in VARIABLES.items()} for bands in outcomes]


def safe_rows(rows: Sequence[Row], codes: Sequence[str], *, earlier: Iterable[Earlier]) -> Safe:
    """Coarsen and leave out until k and l hold, also for who lays earlier extracts beside it.

    The knowable columns of earlier extracts are counted in, as coarse as they left; so
    two extracts that each hide in a crowd cannot be joined to point at somebody.

    Raises
    ------
    ExtractError
        If nothing safe can be made of the rows.
    """
    known: dict[str, int] = {}
    for one in earlier:
        for code in one.variables:
            level = one.levels.get(code, 0)
            known[code] = min(level, known.get(code, level))
    wanted = list(dict.fromkeys([*codes, *known]))
    ladders = {code: ladder for code in wanted if (ladder := VARIABLES[code].ladder) is not None}
    held = [_narrowed(row, wanted, ladders, known) for row in rows]
    asked = Asked(
        knowable=ladders,
        sensitive=tuple(code for code in wanted if code not in ladders),
        k=K,
        l=L,
        fixed=frozenset(known) & frozenset(ladders),
    )
    try:
        found = anonymise(held, asked)
    except MicrodataError as error:
        raise ExtractError(
            gettext_noop(
                "No extract of these variables is safe: not every row can stand among {k} people "
                "or more, with {l} or more different answers to each sensitive question, beside "
                "what left before. Choose fewer variables, or wait until more people took part."
            ),
            k=K,
            l=L,
        ) from error
    levels = {code: known.get(code, level) for code, level in found.levels.items()}
    kept = tuple({code: row[code] for code in codes} for row in found.rows)
    return Safe(
        tuple(sorted(kept, key=lambda row: sorted(row.items()))),
        {code: level for code, level in levels.items() if code in codes},
        found.dropped,
        found.k,
        found.l,
    )


def as_csv(safe: Safe, codes: Sequence[str], *, month: int, fresh: Callable[[], str]) -> str:
    """Return the rows as CSV: a fresh random id, the month since enrolment, the codes."""
    ids = [fresh() for _ in safe.rows]
    if len(set(ids)) != len(ids):
        raise ExtractError(gettext_noop("Two rows got one id. Nothing was made; try again."))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["id", "month", *codes])
    # In the order of the random ids, so that neighbours share nothing.
    lines = sorted(zip(ids, safe.rows, strict=True), key=lambda pair: pair[0])
    writer.writerows([own, month, *(row[code] for code in codes)] for own, row in lines)
    return out.getvalue()


def codebook(safe: Safe, codes: Sequence[str]) -> str:
    """Return each column with its part, its coarseness and the values that may occur."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["variable", "part", "coarsened_steps", "values_here"])
    for code in codes:
        values = sorted({row[code] for row in safe.rows})
        part = "knowable" if VARIABLES[code].knowable else "sensitive"
        writer.writerow([code, part, safe.levels.get(code, 0), " ".join(values)])
    return out.getvalue()


README = f"""An extract of coded outcomes, one row a person, from people who agreed to research.

id      random, made for this file only; it leads nowhere
month   planned time point, in months since enrolment; there are no dates
*       said of a variable: too telling at any finer level
Every combination of knowable values is shared by {K} rows or more, and each such group holds
{L} or more different known values of every sensitive variable. Up to a tenth of the rows was left
out for it. Do not try to find out who somebody is, do not pass the rows on, and delete them
when your work is done.
"""


def sealed(files: Mapping[str, str], *, recipient: str) -> bytes:
    """Return the files as one archive that only the recipient's private key opens."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, FIXED_DAY), text.encode())
    return SEALED_MARK + crypto.seal_to(read_public(recipient), crypto.pad(held.getvalue()))


def digest_of(data: bytes) -> str:
    """Return the SHA-256 of a sealed file."""
    return hashlib.sha256(data).hexdigest()


def recipe(safe: Safe) -> str:
    """Return how coarse each column is, as the ledger keeps it."""
    return json.dumps(dict(sorted(safe.levels.items())))


def _narrowed(
    row: Row, wanted: Sequence[str], ladders: Mapping[str, Ladder], known: Mapping[str, int]
) -> Row:
    """Return a row's wanted columns, those that left before as coarse as they left."""
    return {
        code: ladders[code].at(row[code], known[code])
        if code in known and code in ladders
        else row[code]
        for code in wanted
    }
