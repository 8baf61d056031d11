# Each target sets up its own environment in .venv from the lock; Python >= 3.11 and make are enough.

SHELL := /bin/bash
.DEFAULT_GOAL := run
.PHONY: run test ui lint bench detection truth setup clean-setup

VENV := .venv
BIN := $(abspath $(VENV))/bin
PORT ?= 3000
RESIDENTS ?= 20000
export LAKEHOUSE_HOME := $(abspath $(or $(LAKEHOUSE_HOME),home))
export LAKEHOUSE_DAGSTER := $(LAKEHOUSE_HOME)/dagster
export DAGSTER_HOME := $(CURDIR)
export DAGSTER_DISABLE_TELEMETRY := 1
export GX_ANALYTICS_ENABLED := false
export DO_NOT_TRACK := 1

setup: $(VENV)/.ready

$(VENV)/.ready: requirements-dev.lock pyproject.toml setup.sh
	@bash setup.sh "$(VENV)" "$(PYTHON)"

run: setup
	@"$(BIN)/lakehouse" run --demo $(RESIDENTS) || [ $$? -eq 3 ]

test: setup
	@"$(BIN)/python" -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder --durations=30

ui: setup
	@mkdir -p "$(LAKEHOUSE_DAGSTER)"
	@"$(BIN)/dagster" dev --host 127.0.0.1 --port $(PORT)

lint: setup
	@"$(BIN)/ruff" check .
	@"$(BIN)/ruff" format --check .
	@"$(BIN)/mypy"
	@"$(BIN)/lint-imports"
	@"$(BIN)/lakehouse" catalog check
	@"$(BIN)/lakehouse" catalog dictionary --check

# RESIDENTS, SEED, DAYS: a city made for it. CLEAN=1: one without defects. LABELS=DIR: deliveries
# with labels.csv. KEEP=DIR: a new folder in which the home stays.
detection: RESIDENTS := $(if $(filter file,$(origin RESIDENTS)),5000,$(RESIDENTS))
detection: setup
	@"$(BIN)/python" -m demo.detection --residents $(RESIDENTS) \
	    $(if $(SEED),--seed $(SEED)) $(if $(DAYS),--days $(DAYS)) $(if $(filter 1,$(CLEAN)),--clean) \
	    $(if $(LABELS),--labels "$(LABELS)") $(if $(KEEP),--keep "$(KEEP)")

# RESIDENTS, SEED: the city whose base tables are held against what it is.
truth: RESIDENTS := $(if $(filter file,$(origin RESIDENTS)),5000,$(RESIDENTS))
truth: setup
	@"$(BIN)/python" -m demo.truth --residents $(RESIDENTS) $(if $(SEED),--seed $(SEED))

bench: setup
	@"$(BIN)/python" -m benchmarks.run all
