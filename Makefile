# 两条命令：make run（启动演示系统），make test（全部检查和测试）
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
export DJANGO_SETTINGS_MODULE ?= gongkai.config.settings.dev

.PHONY: help install run test test-full check bench clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "%-12s %s\n", $$1, $$2}'

install: .venv/.base ## virtual environment with locked dependencies

# Screens, handbooks and feeds print addresses: without a public one, those of this machine.
run: export SITE_BASE_URL ?= http://127.0.0.1:$(or $(PORT),8000)
run: install ## migrate, demo content, web and worker at 127.0.0.1:8000 (another port: PORT=8001 make run)
	@$(BIN)/gongkai migrate
	@$(BIN)/gongkai demo --if-empty
	@exec $(BIN)/gongkai serve

test: .venv/.test ## everything: checks, tests on SQLite and PostgreSQL, journeys in a browser
	@$(BIN)/python -m tools.run_tests

test-full: .venv/.test ## the same with the whole counts (takes much longer)
	@GONGKAI_FULL=1 $(BIN)/python -m tools.run_tests

check: .venv/.test ## ruff, layers, types, repository checks, docs
	@$(BIN)/python -m tools.run_checks

bench: .venv/.test ## measurements, as ratios against a peer or a limit
	@$(BIN)/python -m benchmarks

clean: ## remove the virtual environment and caches; state in var/ stays
	rm -rf .venv *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

.venv/.python:
	@$(PYTHON) -m tools.need_python
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/.base: .venv/.python requirements/base.txt pyproject.toml
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/base.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.test: .venv/.base requirements/test.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/test.txt
	@touch $@
