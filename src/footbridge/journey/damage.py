"""What reading a damaged archive may raise."""

from __future__ import annotations

import zipfile
import zlib

# From the index down to a member's packed bytes: zlib speaks up only once one is unpacked.
DAMAGE = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError)
