# The doors of the house. `make` alone lists them.
#
# A machine with Python 3.11 or newer, make and git is enough: the first door that is
# opened builds .venv, and every later one finds it ready.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help setup demo test test-libraries e2e check fix bench docs messages lock clean

PORT ?= 8000
BIN := .venv/bin

help: ## List the doors (this page)
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | \
		while IFS='|' read -r door what; do printf '%-22s %s\n' "$$door" "$$what"; done

setup: ## Build .venv from the pinned requirements (instant when nothing changed)
	@python=$$(PYTHON="$(PYTHON)" sh tools/find_python.sh) && "$$python" tools/setup_env.py

demo: setup ## Serve the reconstructed pilot with invented people on http://127.0.0.1:$PORT
	@PORT=$(PORT) $(BIN)/footbridge demo

test: setup ## Run every test; where DATABASE_URL names a PostgreSQL, there as well
	@sh tools/run_tests.sh

test-libraries: setup ## Run the libraries' tests where Django is not installed
	@$(BIN)/python tools/test_libraries.py

e2e: setup ## Run only the tests that drive a real browser
	@$(BIN)/python -m pytest -m browser

check: setup ## Judge the code, its types, its floors, its documents and its dependencies
	@$(BIN)/python -m tools.check

fix: setup ## Format the code and mend what the linter can mend
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

bench: setup ## Measure every figure that the documents quote
	@$(BIN)/python tools/bench.py

docs: setup ## Write the generated reference pages again
	@$(BIN)/python tools/reference_docs.py

messages: setup ## Look for new sentences to translate (needs gettext's tools)
	@$(BIN)/python -m tools.messages

lock: setup ## Compile the requirement files again (needs the network)
	@bash requirements/lock.sh

clean: ## Remove .venv and the caches; data folders are left alone
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
