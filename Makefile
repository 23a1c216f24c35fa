# The menu. `make` alone prints it.
SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON := .venv/bin/python
MANAGE := $(PYTHON) manage.py
SOURCES := emulation_bloc members covenants fund events scoring
MESSAGES := --no-location --no-wrap --no-obsolete --ignore node_modules --ignore 'tests/*' --ignore '.venv/*'
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/*.po))

ADDRESS ?= 127.0.0.1:8000
# How many processes share the tests, and what else pytest is told: make test ARGS="tests/lib -x"
WORKERS ?= 2
BROWSERS ?= 3
ARGS ?=

.PHONY: help
help: ## this menu
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 18

# --- Set-up ---------------------------------------------------------------------------------------

.venv/installed: requirements.txt requirements-dev.txt
	@echo "Installing the Python packages"
	@test -x $(PYTHON) || .ci/venv
	@.venv/bin/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

node_modules/installed: package.json package-lock.json | .venv/installed
	@echo "Installing the front-end packages"
	@.ci/frontend
	@touch $@

%.mo: %.po
	@msgfmt --check-format --output-file=$@ $<

.PHONY: packages
packages:
	@.ci/packages run

.PHONY: testpackages
testpackages:
	@.ci/packages run tests

.PHONY: setup
setup: packages ## everything that running needs: system packages, .venv, node_modules, messages
	@$(MAKE) --silent .venv/installed node_modules/installed $(CATALOGUES)

.PHONY: testsetup
testsetup: testpackages setup

# --- Running --------------------------------------------------------------------------------------

.PHONY: run
run: export DEBUG := $(or $(DEBUG),1)
run: setup ## the portal with its demo on http://127.0.0.1:8000
	$(MANAGE) migrate --verbosity 0
	$(MANAGE) seed_laws
	$(MANAGE) seed_demo --if-empty
	$(MANAGE) runserver $(ADDRESS)

# --- Testing --------------------------------------------------------------------------------------

# The browser apart: once it runs in a process, an event loop is marked as running there, and the
# database connections of tests without a browser would not be found again at their end. A journey
# waits for its browser more than it works: more of them than processors keep these busy.
#
# All of it on SQLite. On PostgreSQL what opens the database (tests/order.py finds out which tests
# do), for nothing else can end otherwise there; and in the browser the journeys that write most.
# Everywhere in an order by chance, whose seed pytest prints at its head.
ON_POSTGRESQL := $(findstring postgres,$(DATABASE_URL))
TESTS := not e2e$(if $(ON_POSTGRESQL), and database)
JOURNEYS := e2e$(if $(ON_POSTGRESQL), and writes_most)

.PHONY: test
test: testsetup ## all tests, browser included, on SQLite; on DATABASE_URL those that depend on it
	$(PYTHON) -m pytest -n $(WORKERS) --dist worksteal -m "$(TESTS)" $(ARGS)
	$(PYTHON) -m pytest -n $(BROWSERS) --dist worksteal -m "$(JOURNEYS)" $(ARGS)

.PHONY: coverage
coverage: testsetup ## all tests, and which branches they do not reach
	$(PYTHON) -m pytest -n $(WORKERS) --dist worksteal -m "not e2e" --cov --cov-report= --cov-fail-under=0 $(ARGS)
	$(PYTHON) -m pytest -n $(WORKERS) --dist worksteal -m e2e --cov --cov-append \
		--cov-report=term-missing:skip-covered $(ARGS)

.PHONY: bench
bench: testsetup ## times against the same work without the portal
	$(PYTHON) -m tests.bench.run

CHECKS := types deploy security messages lint

.PHONY: check
check: testsetup ## lint, format, types, security, migrations, messages, deploy check
	@$(MAKE) --jobs=$(WORKERS) --keep-going --output-sync --no-print-directory $(CHECKS:%=check-%)

.PHONY: $(CHECKS:%=check-%)
check-types:
	DEBUG=1 DATA_DIR=$$(mktemp -d) $(PYTHON) -m mypy $(SOURCES)
check-deploy:
	.ci/deploy-check $(PYTHON)
check-security:
	$(PYTHON) -m bandit --quiet --configfile pyproject.toml --recursive $(SOURCES)
check-messages:
	$(PYTHON) -m pytest -q tests/test_translations.py
check-lint:
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	.venv/bin/djangofmt --check templates

.PHONY: audit
audit: testsetup ## known vulnerabilities of the pinned packages; asks pypi.org, so not in .ci/run
	$(PYTHON) -m pip_audit --strict --disable-pip --no-deps --requirement requirements.txt

# --- Writing --------------------------------------------------------------------------------------

.PHONY: format
format: testsetup ## let ruff put the code in order, and djangofmt the templates
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .
	.venv/bin/djangofmt templates

.PHONY: messages
messages: setup ## collect the strings into locale/vi and list those without a translation
	DEBUG=1 $(MANAGE) makemessages --locale vi $(MESSAGES)
	@$(MAKE) --silent $(CATALOGUES)
	@msgattrib --untranslated --no-wrap locale/vi/LC_MESSAGES/django.po

.PHONY: clean
clean: ## remove what make has made; the data stay
	rm -rf .venv node_modules staticfiles htmlcov .coverage .ruff_cache .mypy_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +
	rm -f locale/*/LC_MESSAGES/*.mo
