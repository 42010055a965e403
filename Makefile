# linxuan: everything a clone needs is Python 3.11 or newer, and make.
PORT ?= 8000
DATA ?= data
WORKERS ?= 2

BIN := .venv/bin
ROOMS := states records notifications casework flows dashboard cli
INSTALLED := .venv/.installed
VENDORED := dashboard/assets/vendor/.installed

.DEFAULT_GOAL := help
.PHONY: help install run test check format lint types imports docs bench lock clean

help:
	@echo "make install   set up .venv from the lock (again only when the lock changed)"
	@echo "make run       rehearse the third-batch call, then serve it on PORT=$(PORT) from DATA=$(DATA)"
	@echo "make test      every check and every test"
	@echo "make check     format, lint, types, import contracts"
	@echo "make docs      write again what is written from the rules: the process, the clauses, the READMEs' table"
	@echo "make bench     speed, as ratios to a floor measured in the same run"
	@echo "make lock      write the lock files again from pyproject.toml"
	@echo "make clean     remove .venv and caches (DATA stays)"

install: $(INSTALLED) $(VENDORED)

.venv/bin/python:
	@for python in $(PYTHON) python3 python3.13 python3.12 python3.11; do \
	  if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
	    $$python -m venv .venv && exit 0; \
	    rm -rf .venv; echo "$$python cannot make a virtual environment (Debian: install python3-venv)" >&2; exit 1; \
	  fi; \
	done; \
	echo "linxuan needs Python 3.11 or newer; python3 here is: $$(python3 --version 2>&1)" >&2; exit 1

# uv installs the lock in seconds. It does not read pip's settings: where only an index set for pip is
# within reach, pip installs the same files, more slowly.
$(INSTALLED): requirements-dev.lock pyproject.toml | .venv/bin/python
	@awk '/^uv==/ {inside = 1} inside {print} inside && !/\\$$/ {exit}' requirements-dev.lock > .venv/uv.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r .venv/uv.lock
	@$(BIN)/uv pip sync --quiet --no-config --python $(BIN)/python --require-hashes --compile-bytecode \
	    requirements-dev.lock \
	  || $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps \
	    -r requirements-dev.lock
	@$(BIN)/uv pip install --quiet --no-config --python $(BIN)/python --no-deps --no-build-isolation --offline -e .
	@touch $@

# What the pages load in the browser: from npm as locked, served from here, nothing from outside at run time.
$(VENDORED): dashboard/vendor/package-lock.json dashboard/vendored.py | $(INSTALLED)
	@$(BIN)/python -m dashboard.vendored
	@touch $@

# The third batch was called in 2024: the live folder gets the call's life up to today, and goes on from there.
run: install
	@if [ ! -e "$(DATA)/linxuan.sqlite3" ]; then \
	  $(BIN)/linxuan rehearse B3 --until "$$(date +%F)" --keep "$(DATA)" > /dev/null && \
	  $(BIN)/linxuan rehearse B3 --report "$(DATA)/rehearsal-B3.html"; \
	fi
	$(BIN)/linxuan up --data "$(DATA)" --port $(PORT)

test: install check
	$(BIN)/pytest -q -n $(WORKERS) --dist loadfile -m "not alone"
	$(BIN)/pytest -q -m alone

# `make -k check` goes on past the first that fails.
check: format lint types imports

format: install
	$(BIN)/ruff format --check --output-format concise .

lint: install
	$(BIN)/ruff check --output-format concise .

types: install
	$(BIN)/mypy

imports: install
	$(BIN)/lint-imports --no-cache --no-logo

docs: install
	$(BIN)/python -m states.description > docs/process.md.new && mv docs/process.md.new docs/process.md
	$(BIN)/python -m docs.clause_pages

bench: install
	@for file in tests/bench/bench_*.py; do [ ! -e "$$file" ] || $(BIN)/python "$$file" || exit 1; done

LOCK := $(BIN)/uv pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-annotate --no-header pyproject.toml

lock: install
	$(LOCK) --upgrade --extra build -o requirements.lock
	$(LOCK) --upgrade --extra dev -c requirements.lock -o requirements-dev.lock
	$(BIN)/python -m dashboard.vendored --lock

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis build dist
	rm -rf dashboard/vendor/node_modules dashboard/assets/vendor
	find $(ROOMS) tests -name __pycache__ -type d -prune -exec rm -rf {} +
