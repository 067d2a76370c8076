"""What can go wrong, said in three parts: what happened, why, and what to do next."""

from dataclasses import dataclass
from typing import Any


class LatentError(ValueError):
    """The engine refuses; the text says what, why and what to do.

    Parameters
    ----------
    what, why, todo
        One sentence each. They are joined into the message and kept apart as attributes.

    Examples
    --------
    >>> LatentError("It broke.", "It was old.", "Buy a new one.").todo
    'Buy a new one.'
    """

    def __init__(self, what: str, why: str, todo: str) -> None:
        super().__init__(f"{what} {why} {todo}")
        self.what = what
        self.why = why
        self.todo = todo

    def __reduce__(self) -> tuple[Any, ...]:
        """Say how it is sent from one process to another: it is not made from its message."""
        return _again, (type(self), self.args, self.__dict__)


def _again(kind: type[LatentError], words: tuple[Any, ...], parts: dict[str, Any]) -> LatentError:
    error = kind.__new__(kind, *words)
    error.__dict__.update(parts)
    return error


class Interrupted(KeyboardInterrupt):
    """Work that was stopped by Ctrl-C; `kept` holds what was done, or None.

    It is no LatentError, so that a loop which passes over refusals ends all the same.

    Examples
    --------
    >>> Interrupted("Stopped.", "After 3 of 9.", "See kept.", kept=[1, 2, 3]).kept
    [1, 2, 3]
    """

    def __init__(self, what: str, why: str, todo: str, *, kept: object = None) -> None:
        super().__init__(f"{what} {why} {todo}")
        self.what = what
        self.why = why
        self.todo = todo
        self.kept = kept


class ModelSyntaxError(LatentError):
    """The model text cannot be read; `line` and `column` count from 1."""

    def __init__(self, what: str, why: str, todo: str, *, line: int = 0, column: int = 0) -> None:
        where = f"Line {line}, column {column}: " if line else ""
        super().__init__(where + what, why, todo)
        self.line = line
        self.column = column


class ModelError(LatentError):
    """The model is readable but cannot be meant."""


class DataError(LatentError):
    """The data cannot carry the model."""


class OptionError(LatentError):
    """An option, or a combination of options, is not offered."""


def check_kind(value: object, wanted: type, name: str) -> None:
    """Raise OptionError where something else was passed than a function works on."""
    if not isinstance(value, wanted):
        raise OptionError(
            # Its type and not its value, which may be somebody's data.
            f"'{name}' needs a {wanted.__name__}, and got a {type(value).__name__}.",
            "It works on a model that was fitted.",
            "Fit the model first: fit = sem(model, data).",
        )


class ConvergenceError(LatentError):
    """No minimum was found."""


@dataclass(frozen=True, slots=True)
class Advice:
    """A warning that travels with the result instead of being printed and lost."""

    code: str
    what: str
    why: str
    todo: str

    def __str__(self) -> str:
        return f"{self.what} {self.why} {self.todo}"
