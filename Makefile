# make up | test | check | bench | faults: each works on a fresh clone with Python 3.11 and make.
SHELL := /bin/bash
PYTHON ?= python3
ARGS ?=
UV := .tools/bin/uv
BIN := .venv/bin
export UV_PYTHON_DOWNLOADS := never

.PHONY: up test check bench faults format lock

up: .venv/ready
	$(BIN)/statuspages up $(ARGS)

test: .venv/ready
	$(BIN)/python -m pytest $(ARGS)

check: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .

bench: .venv/ready
	$(BIN)/python -m benchmarks $(ARGS)

faults: .venv/ready
	$(BIN)/python -m pytest -m faults $(ARGS) tests/faults

format: .venv/ready
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(UV)
	$(UV) pip compile -q pyproject.toml --group dev --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-annotate --custom-compile-command "make lock" -o requirements.lock

.venv/ready: requirements.lock pyproject.toml $(UV)
	test -x $(BIN)/python || $(UV) venv -q --python $(PYTHON) .venv
	$(UV) pip sync -q --require-hashes --python $(BIN)/python requirements.lock
	$(UV) pip install -q --no-deps --python $(BIN)/python -e .
	touch $@

$(UV):
	$(PYTHON) -m pip install -q --disable-pip-version-check --root-user-action=ignore --target .tools uv
