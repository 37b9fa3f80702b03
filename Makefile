# Every target works in a fresh clone: it makes .venv first when that is missing or out of date.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# `make test PYTHON=… RESOLUTION=lowest|highest` tests in an environment of its own. Its bounds win over
# those that a tool of development has, as they do for users.
ifeq ($(origin PYTHON)$(RESOLUTION),file)
TESTED := $(VENV)
else
NUMBER := $(shell "$(PYTHON)" -c 'import platform; print(platform.python_version())')
TESTED := .venv-$(or $(NUMBER),$(error $(PYTHON) is no Python that runs))$(if $(RESOLUTION),-$(RESOLUTION))
endif
INSTALLED := $(VENV)/.installed
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
JOBS ?= 2
# Recipes read these from the environment, so that nothing in them is taken for shell.
export SPEC OUT OVERLAY UPSTREAM ACCEPTED

.DEFAULT_GOAL := help
.PHONY: help install demo test prove lint format types generate drift compare bench docs coverage release hooks clean

help: ## Show what there is to make
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "%-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(INSTALLED) ## Make .venv with the pinned packages and rsspot itself

$(INSTALLED): .ci/requirements.txt pyproject.toml rsspot/_version.py
	@$(PYTHON) -c 'import sys; sys.exit("rsspot needs Python 3.11 or newer; run make PYTHON=/path/to/python3.11" if sys.version_info < (3, 11) else 0)'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) --require-hashes -r .ci/requirements.txt
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(INSTALLED) ## Watch rsspot do its main job against a local Spot
	$(BIN)/python scripts/demo.py

test: $(TESTED)/.installed ## Run the suite in its quick form; PYTHON=… RESOLUTION=lowest|highest
	$(TESTED)/bin/python -m pytest -m "not prove" -n $(JOBS)

ifneq ($(TESTED),$(VENV))
UV := $(BIN)/python -m uv --no-progress
$(TESTED)/.installed: $(INSTALLED)
	$(UV) venv --quiet --seed --clear --python "$(PYTHON)" $(TESTED)
ifeq ($(RESOLUTION),)
	$(UV) pip install --quiet --python $(TESTED) --require-hashes -r .ci/requirements.txt
	$(UV) pip install --quiet --python $(TESTED) --no-deps --editable .
else
	$(UV) pip compile --quiet pyproject.toml --all-extras --python $(TESTED) --output-file $(TESTED)/bounds.txt \
	  --no-strip-extras --resolution $(if $(filter lowest,$(RESOLUTION)),lowest-direct,$(RESOLUTION))
	$(UV) pip install --quiet --python $(TESTED) --override $(TESTED)/bounds.txt --group dev --editable '.[cli,sandbox,fast,keyring,postgres]'
endif
	@touch $@
endif

prove: $(INSTALLED) ## Run the long proofs: kills, chaos, soak, mutants, clients of others
	$(BIN)/python -m pytest -m prove

lint: $(INSTALLED) ## Check style, format, spelling and layers
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/codespell
	$(BIN)/lint-imports --no-logo --no-cache

format: $(INSTALLED) ## Write the format
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

types: $(INSTALLED) ## Check types with mypy and pyright, both strict, and that users see all of them
	$(BIN)/mypy
	$(BIN)/pyright
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/pyright --verifytypes rsspot --ignoreexternal

generate: $(INSTALLED) ## Write generated/ from openapi/spot.yaml, or OUT=<folder> from SPEC=<file or URL>
	$(BIN)/python scripts/regenerate.py $(if $(SPEC),--spec "$$SPEC") $(if $(OUT),--out "$$OUT") $(if $(OVERLAY),--overlay "$$OVERLAY") $(if $(DROP_STALE),--drop-stale)

drift: $(INSTALLED) ## Prove that generated/ (or OUT=<folder>) is what its document makes
	$(BIN)/python scripts/drift.py $(if $(OUT),--out "$$OUT") $(if $(OVERLAY),--overlay "$$OVERLAY")

compare: $(INSTALLED) ## Compare our document with UPSTREAM=<file or URL>
	$(BIN)/python scripts/compare.py "$$UPSTREAM" $(if $(JSON),--json) $(if $(STRICT),--strict) $(if $(ACCEPTED),--accepted "$$ACCEPTED")

bench: $(INSTALLED) ## Measure every budget as a ratio
	$(BIN)/python scripts/bench.py

docs: $(INSTALLED) ## Build the documentation site into site/; a warning is an error
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict --config-file .mkdocs.yml

coverage: $(INSTALLED) ## Run the suite and print how much of each module it covers, branches included
	rm -f .coverage .coverage.*
	$(BIN)/python -m pytest -m "not prove" -n $(JOBS) --cov --cov-report=term:skip-covered

release: $(INSTALLED) ## Check version, changelog and tag, and build both files twice; publishes nothing
	$(BIN)/python scripts/release.py

hooks: $(INSTALLED) ## Run what CI runs before each commit and push of this clone
	$(BIN)/pre-commit install --hook-type pre-commit --hook-type pre-push

clean: ## Remove .venv and what tools left behind
	rm -rf $(VENV) .venv-* build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
