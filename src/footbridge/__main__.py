"""Let `python -m footbridge` do what `footbridge` does."""

from __future__ import annotations

from footbridge.cli.main import main

if __name__ == "__main__":
    main()
