#!/bin/sh
# Run the whole suite on SQLite. Where DATABASE_URL names a PostgreSQL, run there first what tells
# one database from another (tools/one_database.py), so that the last line tells of the whole
# suite. CI=true insists on it.
set -eu
cd "$(dirname "$0")/.."

pytest() { .venv/bin/python -m pytest -p tools.no_skips_in_ci -n "${TEST_WORKERS:-2}" --dist worksteal "$@"; }

postgres_url=${DATABASE_URL:-}
unset DATABASE_URL
if [ "${CI:-}" = "true" ] && [ -z "$postgres_url" ]; then
    cat >&2 <<MESSAGE
footbridge: CI=true asks for the suite on PostgreSQL as well, and DATABASE_URL is not set.
Start a server and name it (postgres://user:password@host/database), or run .ci/run,
which starts one of its own.
MESSAGE
    exit 1
fi
case "$postgres_url" in postgres*)
    echo "== on PostgreSQL, what tells one database from another; the rest runs below"
    set -- tests
    for part in latent grounded microsim disclosure house cli; do
        set -- "$@" "--ignore=tests/$part"
    done
    DATABASE_URL=$postgres_url pytest -p tools.one_database "$@"
    echo "== on SQLite, everything"
    ;;
esac
pytest tests
