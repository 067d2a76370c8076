#!/bin/sh
# Print the first Python that can build the house, or say plainly why there is none.
# PYTHON=/path/to/python chooses one.
set -u

oldest=""
for name in ${PYTHON:-python3.11 python3.12 python3.13 python3.14 python3 python}; do
    found=$(command -v "$name" 2>/dev/null) || continue
    version=$("$found" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
    if ! "$found" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        oldest="$found is Python $version"
        continue
    fi
    if ! "$found" -c 'import venv, ensurepip' 2>/dev/null; then
        cat >&2 <<MESSAGE
footbridge: $found (Python $version) cannot make a virtual environment.
Its venv or ensurepip module is missing; some systems package it separately.
On Debian or Ubuntu: apt-get install python$version-venv. Then run make again.
MESSAGE
        exit 1
    fi
    printf '%s\n' "$found"
    exit 0
done

cat >&2 <<MESSAGE
footbridge: no Python 3.11 or newer was found${oldest:+ ($oldest)}.
Footbridge uses parts of the language that older versions do not have.
Install Python 3.11, or name one: make PYTHON=/path/to/python3.11 ...
MESSAGE
exit 1
