PYTHON ?= $(shell command -v python3.11 || command -v python3)
UV := .venv/bin/uv
RUN := $(UV) run --frozen
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help demo test fuzz bench check docs
.venv/ready: pyproject.toml uv.lock
	$(PYTHON) -m venv .venv
	.venv/bin/pip install --quiet --disable-pip-version-check uv
	$(UV) sync --frozen --quiet
	touch $@

# Play a day of invented parcels through the whole platform and leave the console open
demo: .venv/ready
	$(RUN) sandan demo $(ARGS)

# Run every test, on a real PostgreSQL, with a real browser where there is one
test: .venv/ready
	$(RUN) pytest $(ARGS)

# Search every reader for bytes it cannot answer, ten minutes long; ARGS="--minutes 60" for longer
fuzz: .venv/ready
	$(RUN) pytest tests/fuzz --minutes 10 $(ARGS)

# Measure parcels a second beside the floors of this machine
bench: .venv/ready
	$(RUN) sandan bench $(ARGS)

# Lint, types, floors of the house, spelling
check: .venv/ready
	$(RUN) ruff check src tests
	$(RUN) ruff format --check src tests
	$(RUN) mypy
	$(RUN) lint-imports
	$(RUN) codespell src tests docs README.md

# Build the documentation site into site/
docs: .venv/ready
	$(RUN) sandan code --reference docs/reference
	$(RUN) sandan law reference docs/reference
	$(RUN) zensical build

# List the targets
help:
	@awk '/^# /{c=substr($$0,3)} /^[a-z]+:/{split($$1,t,":"); printf "%-8s %s\n", t[1], c}' Makefile
