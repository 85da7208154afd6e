# `make run` bills the example month, `make test` runs every test; each makes .venv by itself.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: run test kills lint types bench accept clean

run: $(STAMP)
	$(BIN)/xlbill bill 2026-04 -w examples

test: $(STAMP)
	$(BIN)/python -m pytest

# Kill runs of the ledger at random points, 500 times: each rerun must complete what was begun.
kills: $(STAMP)
	XLBILL_KILLS=500 $(BIN)/python -m pytest tests/ledger/test_kills.py

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)
	$(BIN)/mypy

# Accept the problem gallery's messages as they are now; review the diff.
accept: $(STAMP)
	$(BIN)/python -m pytest tests/problems --accept

bench: $(STAMP)
	for file in benchmarks/*.py; do $(BIN)/python $$file || exit 1; done

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	touch $@

clean:
	rm -rf $(VENV) build dist
