"""What a fit turns into for others: a model for R, an input for Mplus, a picture."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class LavaanModel:
    """A model for R.

    `model` is the text in lavaan's syntax; `call` the R code that fits it, with `data` as the
    name of the data frame; `script` both together, reading a csv file.
    """

    model: str
    call: str

    def script(self, data_file: str = "data.csv") -> str:
        """Return an R script that reads a csv file, fits the model and prints a summary.

        Parameters
        ----------
        data_file
            Path of the csv file, as R should see it.
        """
        path = data_file.replace("\\", "/").replace('"', '\\"')
        return "\n".join(
            (
                "library(lavaan)",
                f'data <- read.csv("{path}")',
                f"model <- '\n{self.model}\n'",
                self.call,
                "summary(fit, fit.measures = TRUE, standardized = TRUE)",
                "",
            )
        )

    def __str__(self) -> str:
        return self.model


@dataclass(frozen=True, slots=True)
class MplusModel:
    """An input file for Mplus.

    `input` is its text, `columns` the data columns in the order that it expects, `names` the
    short name (8 characters at most) of every variable and label.
    """

    input: str
    columns: tuple[str, ...]
    names: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.input


@dataclass(frozen=True, slots=True)
class Diagram:
    """A path diagram; `svg` is its text. A notebook shows it as it is."""

    svg: str

    def save(self, path: str | Path) -> None:
        """Write the picture to a file."""
        Path(path).write_text(self.svg, encoding="utf-8")

    def _repr_svg_(self) -> str:
        return self.svg

    def __str__(self) -> str:
        return self.svg
