"""China's provinces and larger cities, by the names people use without an ending.

The administrative divisions of the People's Republic as any school atlas has them, in
``places.txt``; a name that is missing there is still found by its ending or by jieba's
dictionary.
"""

from __future__ import annotations

import re
from importlib import resources

NAMES = tuple(
    sorted(
        resources.files(__package__).joinpath("places.txt").read_text("utf-8").split(),
        key=len,
        reverse=True,
    )
)
PATTERN = re.compile("(?:" + "|".join(NAMES) + ")(?:省|市)?")
