"""One job in a process of its own: prints processor seconds and peak memory as JSON.

Usage: python _fresh.py cold|ml|wlsmv DATA.csv
"""

import json
import re
import sys
import time
from pathlib import Path

import _cases
import pandas as pd

from footbridge import latent


def main():
    job, data = sys.argv[1:]
    frame = pd.read_csv(data)
    model = _cases.HS if job == "cold" else _cases.BIG
    options = {"ordered": _cases.BIG_ITEMS} if job == "wlsmv" else {}
    times = []
    for _ in range({"cold": 1, "ml": 6, "wlsmv": 3}[job]):
        start = time.process_time()
        fit = latent.cfa(model, frame, **options)
        _ = fit.vcov, fit.estimates, fit.fit_measures
        times.append(time.process_time() - start)
        del fit
    # Not ru_maxrss: a process inherits that from the one that started it.
    status = Path("/proc/self/status").read_text()
    peak = int(re.search(r"VmHWM:\s+(\d+)", status).group(1)) / 1024
    print(json.dumps({"seconds": sorted(times)[len(times) // 2], "peak_mb": peak}))


if __name__ == "__main__":
    main()
