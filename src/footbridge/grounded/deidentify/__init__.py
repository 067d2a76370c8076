"""De-identification before coding: suggestions with reasons, which a person confirms.

No list of who was who is ever made: replacements are numbered while a study's texts are
redacted together, and the numbering is forgotten.
"""

from footbridge.grounded.deidentify.redaction import Confirmed, confirm, redact_all
from footbridge.grounded.deidentify.suggestions import Suggestion, suggest

__all__ = ["Confirmed", "Suggestion", "confirm", "redact_all", "suggest"]
