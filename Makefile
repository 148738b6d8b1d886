# make map    the map of the bundled case as one page: advance.html
# make test   everything that must pass: lint, types, tests
# Both set up what they need in .venv; a second run finds it there.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:

VENV := .venv
BIN := $(VENV)/bin
# The first Python here that is new enough; `make PYTHON=... test` chooses another.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
METADATA := setup.cfg pyproject.toml
# A worker for each core, unless told otherwise.
WORKERS ?= auto

.PHONY: help map test lint types unit bench pictures audit fuzz build browser server clean

help:
	@sed -n '1,3s/^# //p' Makefile
	@echo 'Also: lint, bench, pictures, audit, fuzz, build, clean.'

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo 'frontline needs Python 3.11 or newer; none was found.' >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(METADATA) | $(BIN)/python
	$(INSTALL) --editable .
	@touch $@

$(VENV)/.installed-test: $(METADATA) | $(BIN)/python
	$(INSTALL) --editable '.[test]'
	@touch $@ $(VENV)/.installed

map: $(VENV)/.installed
	$(BIN)/frontline map syria-2024 -o advance.html --offline

test: lint types unit

lint: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed-test
	$(BIN)/mypy

unit: $(VENV)/.installed-test browser server
	$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist worksteal

# The tests of the map need a real browser: Debian's Chromium without its windows, or else with
# them. Where this may be installed, it is; elsewhere they are skipped and say so (with CI set, a
# missing browser is a failure).
APT := DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends
browser: | $(BIN)/python
	@if ! command -v chromium-headless-shell >/dev/null && [ ! -e $(VENV)/.has-chromium ] \
		&& [ -e /etc/debian_version ] && [ "$$(id -u)" = 0 ]; then \
		{ apt-get update -qq && $(APT) chromium-headless-shell fonts-dejavu-core; } \
		|| { { command -v chromium >/dev/null || $(APT) chromium fonts-dejavu-core; } \
			&& touch $(VENV)/.has-chromium; } \
		|| echo 'Chromium could not be installed.' >&2; \
	fi

# The tests of the database start a server of their own; the same holds for it. Debian would
# also start one for the machine, which nobody here needs.
server:
	@if ! ls /usr/share/postgresql/*/extension/postgis.control >/dev/null 2>&1 \
		&& [ -e /etc/debian_version ] && [ "$$(id -u)" = 0 ]; then \
		{ apt-get update -qq && $(APT) postgresql-common \
			&& sed -i 's/^#*create_main_cluster.*/create_main_cluster = false/' \
				/etc/postgresql-common/createcluster.conf \
			&& $(APT) postgresql postgis postgresql-postgis; } \
		|| echo 'PostgreSQL with PostGIS could not be installed.' >&2; \
	fi

bench: $(VENV)/.installed-test
	$(BIN)/python benchmarks/run.py
	@echo; $(BIN)/python benchmarks/locate.py
	@echo; $(BIN)/python benchmarks/read.py
	@echo; $(BIN)/python benchmarks/archive.py
	@echo; $(BIN)/python benchmarks/history.py
	@echo; $(BIN)/python benchmarks/stream.py --points 1_000_000 --scale 10
	@echo; $(BIN)/python benchmarks/maps.py

pictures: $(VENV)/.installed-test browser
	$(BIN)/python docs/pictures.py

# The pages of the map before tools of others; needs npm and java, and takes some minutes.
AUDIT := $(VENV)/audit

$(AUDIT)/.installed: Makefile | $(BIN)/python
	npm install --silent --no-audit --no-fund --no-save --prefix $(AUDIT) \
		axe-core@4.14.1 html-validate@10.17.0 lighthouse@12.8.2 vnu-jar@26.9.27
	@touch $@

audit: $(VENV)/.installed-test $(AUDIT)/.installed browser
	$(BIN)/python benchmarks/audit.py --tools $(AUDIT)

# Random text for the readers, guided by what it reaches; what fails is kept in .fuzz/.
SECONDS_OF_FUZZ ?= 60

$(VENV)/.installed-fuzz: $(METADATA) | $(BIN)/python
	$(INSTALL) --editable '.[fuzz]'
	@touch $@

fuzz: $(VENV)/.installed-fuzz
	mkdir -p .fuzz/corpus
	$(BIN)/python tests/fuzz/grammar_fuzz.py -max_total_time=$(SECONDS_OF_FUZZ) -artifact_prefix=.fuzz/ .fuzz/corpus

build: $(VENV)/.installed-test
	$(BIN)/python -m build --outdir dist .

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis advance.html
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
