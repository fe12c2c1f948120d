# Python 3.11 or newer and make are enough: everything else is fetched, at exact versions, into .venv and .venv-fhir.

PYTHON ?= $(firstword $(foreach each,python3 python3.14 python3.13 python3.12 python3.11,$(shell \
	$(each) -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $(each))))
PIP := -m pip install --quiet --disable-pip-version-check
PINNED := $(PIP) --require-hashes
BIN := .venv/bin

.PHONY: help demo serve test test-slow test-servers test-browser test-hapi test-all fuzz bench lint format clean
.PHONY: lock upgrade sbom audit
.DELETE_ON_ERROR:

help:
	@echo "make demo      start a FHIR server and the service, load the patient stories, print the cards, end it all"
	@echo "make serve     the same, and leave both running"
	@echo "make test      lint, types, layers, unit tests, stories, the same stories against a real FHIR server"
	@echo "make test-all  and what takes longer or needs more: the wheel installed elsewhere, HealthChain, the workbench"
	@echo "               in a real browser (Debian's chromium)"
	@echo "make test-hapi the stories on HAPI FHIR R4 from Maven Central (needs Java 17 and Maven)"
	@echo "make fuzz      changed requests, led by what they reach, for SECONDS=600 (Linux)"
	@echo "make bench     how fast, compared within one run"
	@echo "make lint      the checks without the tests;  make format  lay the code out"
	@echo "make lock      pin what pyproject.toml names, with hashes, and renew the SBOM;  make upgrade  newer versions too"
	@echo "make audit     ask for known vulnerabilities of what is pinned"
	@echo "make clean     remove what these commands made"

demo: .venv/run.stamp .venv-fhir/stamp
	@$(BIN)/cds-service demo

serve: .venv/run.stamp .venv-fhir/stamp
	@$(BIN)/cds-service demo --keep

lint: .venv/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/dev.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# What needs more than Python has a marker of its own, so that `make test` stays quick and needs nothing.
BESIDE := slow or servers or browser or hapi

test: lint .venv-fhir/stamp
	$(BIN)/python -m pytest -m "not ($(BESIDE))" --cov --cov-report=
	$(BIN)/coverage report --include='cds_service/clinical/*' --fail-under=100
	$(BIN)/coverage report --fail-under=95

test-slow: .venv/dev.stamp .venv-fhir/stamp
	$(BIN)/python -m pytest -m slow

test-servers: .venv/dev.stamp .venv-healthchain/stamp
	$(BIN)/python -m pytest -m servers

test-browser: .venv/dev.stamp .venv-fhir/stamp
	$(BIN)/python -m pytest -m browser

test-hapi: .venv/dev.stamp
	$(BIN)/python -m pytest -m hapi

test-all: test test-slow test-servers test-browser audit

# What it finds worth keeping stays in build/fuzz, and the next run goes on from there.
SECONDS ?= 600

fuzz: .venv/dev.stamp
	mkdir -p build/fuzz
	$(BIN)/python -m tests.fuzz.calls build/fuzz -max_total_time=$(SECONDS)

bench: .venv/dev.stamp .venv-healthchain/stamp
	$(BIN)/python -m bench

# Versions that are pinned stay as long as pyproject.toml allows them. Files installed together agree.
LOCK = .venv-tools/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-strip-extras \
	--custom-compile-command "make lock" $(UPGRADE)

lock: .venv-tools/stamp
	$(LOCK) pyproject.toml --extra postgresql -o requirements/run.txt
	$(LOCK) --group build -c requirements/run.txt -o requirements/build.txt
	$(LOCK) pyproject.toml --extra dev -c requirements/run.txt -c requirements/build.txt -o requirements/dev.txt
	$(LOCK) --group sandbox -o requirements/sandbox.txt
	$(LOCK) --group bench -o requirements/bench.txt
	$(LOCK) --group tools -o requirements/tools.txt
	$(MAKE) sbom

upgrade:
	$(MAKE) lock UPGRADE=--upgrade

# The licences are read from the packages themselves, those that only other platforms install included.
sbom: .venv/dev.stamp
	rm -rf build/pinned && mkdir -p build
	$(BIN)/python -m supply.pins requirements/run.txt > build/pinned.txt
	$(BIN)/python $(PINNED) --no-deps --target build/pinned -r build/pinned.txt
	$(BIN)/python -m supply.sbom build/pinned

audit: .venv/dev.stamp .venv-tools/stamp
	$(BIN)/python -m supply.audit requirements/run.txt requirements/dev.txt

clean:
	rm -rf .venv .venv-fhir .venv-healthchain .venv-tools build dist tests/servers/hapi/build .coverage* .hypothesis .pytest_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find . -name .mypy_cache -type d -prune -exec rm -rf {} +

.venv/run.stamp: requirements/run.txt requirements/build.txt pyproject.toml
	@$(call make_venv,.venv)
	@$(BIN)/python $(PINNED) -r requirements/run.txt -r requirements/build.txt
	@$(BIN)/python $(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev.stamp: .venv/run.stamp requirements/dev.txt
	@$(BIN)/python $(PINNED) -r requirements/dev.txt
	@touch $@

# Servers we start beside ours, each in an environment of its own: their dependencies never decide ours.
.venv-fhir/stamp: requirements/sandbox.txt
	@$(call make_venv,.venv-fhir)
	@.venv-fhir/bin/python $(PINNED) -r requirements/sandbox.txt
	@touch $@

.venv-healthchain/stamp: requirements/bench.txt
	@$(call make_venv,.venv-healthchain)
	@.venv-healthchain/bin/python $(PINNED) -r requirements/bench.txt
	@touch $@

.venv-tools/stamp: requirements/tools.txt
	@$(call make_venv,.venv-tools)
	@.venv-tools/bin/python $(PINNED) -r requirements/tools.txt
	@touch $@

define make_venv
	if ! "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
		found=$$("$(or $(PYTHON),python3)" --version 2>/dev/null || echo "no $(or $(PYTHON),python3)"); \
		echo "Python 3.11 or newer is needed, here is $$found: install one, or name it: make PYTHON=/path/to/python3.12" >&2; \
		exit 1; \
	fi; \
	echo "Making $(1) with $$($(PYTHON) --version): once, and less than a minute"; \
	$(PYTHON) -m venv $(1) || { \
		echo "Cannot make a virtual environment: on Debian and Ubuntu, apt-get install python3-venv first" >&2; \
		exit 1; \
	}
endef
