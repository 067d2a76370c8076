#!/usr/bin/env bash
# Compile the hash-pinned requirement files: names, versions and hashes, and no download address.
set -euo pipefail
cd "$(dirname "$0")/.."
uv=${UV:-.venv/bin/uv}
common=(--python-version 3.11 --universal --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --no-annotate -q "$@")
"$uv" pip compile pyproject.toml "${common[@]}" -o requirements/libraries.txt
"$uv" pip compile pyproject.toml --extra web --extra postgres "${common[@]}" -o requirements/site.txt
"$uv" pip compile pyproject.toml --extra web --extra postgres --extra cluster --extra pdf --group dev "${common[@]}" -o requirements/dev.txt
echo "uv" | "$uv" pip compile - "${common[@]}" -o requirements/bootstrap.txt
printf 'hypothesis\npytest\npytest-xdist\n' | "$uv" pip compile pyproject.toml - -c requirements/dev.txt "${common[@]}" -o requirements/test-libraries.txt
