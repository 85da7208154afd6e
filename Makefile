# `make run` bills the example month, `make test` runs every test; each makes .venv by itself.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

# Test workers; `make test TESTS=tests/rating WORKERS=0` runs one folder in one process.
WORKERS ?= auto
TESTS ?=
# COVER=1 holds the tests' coverage against the floor in pyproject.toml, as CI does; it takes about three times as long.
COVER ?=

.PHONY: docs package run test libreoffice many kills lint types manual pages templates bench fuzz accept hooks clean

run: $(STAMP)
	$(BIN)/xlbill bill 2026-04 -w examples

test: $(STAMP)
	$(BIN)/python -m pytest -n $(WORKERS) $(if $(COVER),--cov --cov-report=term:skip-covered) $(TESTS)

# What LibreOffice recalculates and prints, where it is installed.
libreoffice: $(STAMP)
	$(BIN)/python -m pytest -n $(WORKERS) -m libreoffice $(TESTS)

# Everything in large numbers: thousands of random cases, for an hour or more.
many: $(STAMP)
	XLBILL_MANY=1 $(BIN)/python -m pytest -n $(WORKERS) -m "many or not many" $(TESTS)

# Kill runs of the ledger at random points, 500 times: each rerun must complete what was begun.
kills: $(STAMP)
	XLBILL_MANY=1 $(BIN)/python -m pytest -m "many or not many" tests/ledger/test_kills.py tests/issuing/test_issue_kills.py

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)
	$(BIN)/mypy

# Bring the generated parts of docs/ up to date.
manual: $(STAMP)
	$(BIN)/python -m tools.manual

# Follow the pages of the manual, and write what their commands print now; pictures too, where LibreOffice is there.
pages: $(STAMP)
	$(BIN)/python -m tests.manual_steps $(PAGES)

# The shipped templates, from their one design.
templates: $(STAMP)
	$(BIN)/python -m tools.templates

# Any value in any cell, any damage of any file, each for a minute (SECONDS=600 for longer), from a seed of its own; findings go to tests/fuzz/kept.
fuzz: $(STAMP)
	$(BIN)/python -m tests.fuzz.any_value $(or $(SECONDS),60) $(or $(SEED),$$(date +%s))
	$(BIN)/python -m tests.fuzz.every_column $(or $(SECONDS),60) $(or $(SEED),$$(date +%s))
	$(BIN)/python -m tests.fuzz.every_reader $(or $(SECONDS),60) $(or $(SEED),$$(date +%s))

# The manual as a site in build/site, each language by itself; strict: a dead link ends it.
docs: $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[docs]'
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

# A wheel and an sdist in dist/.
package: $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check build
	$(BIN)/python -m build --outdir dist

# Accept the problem gallery's messages as they are now; review the diff.
accept: $(STAMP)
	$(BIN)/python -m pytest tests/problems --accept

# What is measured, written to docs/performance.md and .zh.md; CUSTOMERS="9000 90000" for larger months.
bench: $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	$(BIN)/python benchmarks/report.py $(CUSTOMERS)

# What CI checks, before each commit.
hooks: $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check pre-commit
	$(BIN)/pre-commit install

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	$(BIN)/python -m compileall -q xlbill  # where PYTHONDONTWRITEBYTECODE is set, each start would compile all of it
	touch $@

clean:
	rm -rf $(VENV) build dist
