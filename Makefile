# `make` alone lists the targets.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
BIN := .venv/bin
UV_VERSION := 0.13.9

.PHONY: help demo setup setup-test test lint format golden schema calendars bench lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## make .venv from requirements.lock (quick when nothing changed)
	@scripts/setup.sh

setup-test:
	@scripts/setup.sh --test

demo: setup ## build every profile under profiles/ into output/
	$(BIN)/airplan build profiles/*.yaml -o output
	@echo; echo "Open first:"
	@for runbook in output/*/runbook.pdf; do echo "  $${runbook%/*}: $$runbook"; done

lint: setup ## ruff, mypy, import contracts
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

test: setup-test lint ## lint, then all tests
	$(BIN)/python -m pytest -n auto --dist loadscope

format: setup ## let ruff mend and format the code
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

golden: setup-test ## write tests/golden anew; each change needs a line in CHANGELOG.md
	$(BIN)/python -m pytest -n auto --update-golden

schema: setup ## write schemas/ anew from the models
	$(BIN)/airplan schema --write

calendars: setup ## write regulations/calendars/ anew from the holidays library
	$(BIN)/python scripts/make_calendars.py

bench: setup ## measure
	$(BIN)/python benchmarks/run.py

lock: ## write requirements.lock anew (newest versions that pyproject.toml allows)
	python3 -m venv --clear .venv-lock
	.venv-lock/bin/python -m pip install --quiet uv==$(UV_VERSION)
	.venv-lock/bin/uv pip compile pyproject.toml --extra dev --extra bench --extra sign --universal --python-version 3.11 \
	  --upgrade --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --custom-compile-command "make lock" --quiet --output-file requirements.lock
	rm -rf .venv-lock
	@if grep -nE 'https?://|file:' requirements.lock; then echo "requirements.lock names a place" >&2; exit 1; fi

clean: ## remove caches and build results, not .venv
	rm -rf .pytest_cache .ruff_cache .mypy_cache .import_linter_cache .hypothesis dist build .venv-lock
	find generator tests scripts benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
	find output -mindepth 1 -maxdepth 1 ! -name .gitkeep -exec rm -rf {} +
