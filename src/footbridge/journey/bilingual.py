"""Texts of data files, which stand in English and Chinese, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language


def said(texts: Mapping[Any, str] | None) -> str:
    """Return a text in the reader's language, or the first one that there is."""
    if not texts:
        return ""
    language = "zh" if (get_language() or "").startswith("zh") else "en"
    by_name = {str(getattr(key, "value", key)): text for key, text in texts.items()}
    return by_name.get(language) or next(iter(by_name.values()))
