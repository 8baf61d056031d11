# Each target sets up its own environment in .venv from the lock; Python >= 3.11 and make are enough.

SHELL := /bin/bash
.DEFAULT_GOAL := run
.PHONY: run test ui lint bench setup clean-setup

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
	@"$(BIN)/python" -m pytest -q -n 2

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

bench: setup
	@"$(BIN)/python" -m benchmarks.run all
