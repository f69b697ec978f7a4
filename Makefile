# Everything one does with Pipeline. `make` alone says what there is.

PYTHON ?= python3
PORT ?= 8000
BROWSER ?= wanted
VENV_PYTHON := .venv/bin/python
FLASK := .venv/bin/flask

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run serve test check format bench bench-large drills docs messages lock clean

help: ## Say what there is
	@echo "make …"
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 16

setup: ## Install what the site needs and build its styles and scripts (again only where something changed)
	@$(PYTHON) scripts/setup.py

setup-dev:
	@$(PYTHON) scripts/setup.py --dev

run: export PIPELINE_MODE = demonstration
run: export PORT := $(PORT)
run: setup ## Show the site with made-up people and councils, at http://127.0.0.1:8000 (PORT=8001 for another port)
	@$(VENV_PYTHON) -m pipeline.cli.supervisor --check
	@echo "Preparing the database…"
	@$(FLASK) db upgrade
	@$(FLASK) demonstration load
	@exec $(VENV_PYTHON) -m pipeline.cli.supervisor

serve: export PIPELINE_MODE = production
serve: export PORT := $(PORT)
serve: setup ## Run the site in earnest; needs SECRET_KEY, PUBLIC_URL and the rest of docs/configuration.md
	@$(VENV_PYTHON) -m pipeline.cli.supervisor --check
	@echo "Preparing the database…"
	@$(FLASK) db upgrade
	@exec $(VENV_PYTHON) -m pipeline.cli.supervisor

test: setup-dev ## Run every test: the fast ones, those on both databases, those in Chromium (installed where it may be)
	@exec $(VENV_PYTHON) scripts/test.py --browser=$(BROWSER)

check: setup-dev ## Look at the code in seconds: ruff, mypy, the tests that need no database
	@.venv/bin/ruff check
	@.venv/bin/ruff format --check
	@.venv/bin/mypy
	@exec $(VENV_PYTHON) -m pytest -q -m pure -p no:schemathesis -p no:playwright -p no:xdist

format: setup-dev ## Lay the code out, and mend what ruff can mend
	@.venv/bin/ruff check --fix
	@.venv/bin/ruff format

bench: setup-dev ## Measure the speed and print it beside what we promise
	@exec $(VENV_PYTHON) -m benchmarks.run

bench-large: setup-dev ## The same at 1,000,000 projects on PostgreSQL
	@exec $(VENV_PYTHON) -m benchmarks.run --large

drills: setup-dev ## Kill, fill and flood the site, and see that nothing acknowledged is lost
	@exec $(VENV_PYTHON) -m pytest -m drill

docs: export PIPELINE_MODE = test
docs: setup ## Write the generated pages of docs/ again: permissions, events, configuration
	@exec $(FLASK) docs write

messages: PYBABEL = $(VENV_PYTHON) -m babel.messages.frontend --quiet
messages: setup ## Gather every sentence into the catalogues of pipeline/translations, for translators
	@$(PYBABEL) extract --mapping-file babel.cfg --output-file var/messages.pot --project Pipeline \
	  --add-location file --no-wrap .
	@$(PYBABEL) update --input-file var/messages.pot --output-dir pipeline/translations --no-fuzzy-matching \
	  --ignore-obsolete --ignore-pot-creation-date --no-wrap

lock: ## Renew the lock files after a change to requirements*.in or package.json (needs the package registries)
	@$(PYTHON) -m venv var/uv && var/uv/bin/python -m pip install --quiet --disable-pip-version-check uv==0.13.9
	@for name in requirements requirements-dev requirements-node; do \
	  env -u UV_FIND_LINKS -u UV_INDEX var/uv/bin/uv --no-config pip compile $$name.in --output-file $$name.txt --quiet \
	    --universal --python-version 3.11 --generate-hashes --default-index https://pypi.org/simple \
	    --no-emit-index-url --no-emit-find-links --no-header || exit 1; \
	done
	@npm install --package-lock-only --ignore-scripts

clean: ## Remove what set-up made; the data in var/ stays
	@rm -rf .venv node_modules var/assets var/assets.sources.sha256 var/node var/uv
