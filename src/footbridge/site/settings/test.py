"""Settings of the test suite: cheap keys, a throw-away folder, either database."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("FOOTBRIDGE_DATA", tempfile.mkdtemp(prefix="footbridge-test-"))

from footbridge.site.settings.base import *  # noqa: F403
from footbridge.site.settings.base import DATABASES, FOOTBRIDGE_DATA, STATIC_ROOT
from footbridge.trust.vault.crypto import Cost

SECRET_KEY = "only for tests; signs nothing"  # noqa: S105
FOOTBRIDGE_KDF_COST = FOOTBRIDGE_KDF_FLOOR = Cost(memory_kib=64, passes=1, lanes=1)
FOOTBRIDGE_COOKIE_SECURE = False
if "sqlite" in str(DATABASES["default"]["ENGINE"]):
    DATABASES["default"]["TEST"] = {"NAME": str(Path(FOOTBRIDGE_DATA) / "test.sqlite3")}
Path(STATIC_ROOT).mkdir(parents=True, exist_ok=True)
