# make up | test | check | docs | bench | faults: each works on a fresh clone with Python 3.11 and make.
# ARGS go to the program: make up ARGS="--port 9000", make test ARGS="-k name".
UV_VERSION := 0.13.9
OLDEST := 3, 11
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
  $$python -c 'import sys; sys.exit(sys.version_info < ($(OLDEST)))' 2>/dev/null && echo $$python && break; done)
ARGS ?=
UV := .tools/uv-$(UV_VERSION)/bin/uv
BIN := .venv/bin
COMPILE := pip compile -q pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
  --no-annotate --custom-compile-command "make lock"
export UV_PYTHON_DOWNLOADS := never
export UV_LINK_MODE := copy

.PHONY: up test check docs bench faults format lock

up: .venv/ready
	$(BIN)/statuspages up $(ARGS)

test: .venv/ready
	$(BIN)/python -m pytest -m "not faults" -n 2 --dist loadfile $(ARGS)

check: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .

docs: .venv/ready
	$(BIN)/python -m docs.write

bench: .venv/ready
	$(BIN)/python -m benchmarks $(ARGS)

faults: .venv/ready
	$(BIN)/python -m pytest -m faults -s $(ARGS)

format: .venv/ready
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# requirements.lock: everything; requirements-run.lock: the part that the service's image needs, same versions.
lock: $(UV)
	$(UV) $(COMPILE) --group dev -o requirements.lock
	$(UV) $(COMPILE) --constraint requirements.lock -o requirements-run.lock

.venv/ready: requirements.lock pyproject.toml $(UV)
	test -x $(BIN)/python || $(UV) venv -q --clear --python "$$(command -v $(PYTHON))" .venv
	$(UV) pip sync -q --require-hashes --python $(BIN)/python requirements.lock
	$(UV) pip install -q --no-deps --python $(BIN)/python -e .
	touch $@

# Into a folder of the clone: that works without the venv module, and where pip refuses system-wide installs.
$(UV):
	@$(or $(PYTHON),false) -c 'import sys; sys.exit(sys.version_info < ($(OLDEST)))' || \
	  { echo 'Python 3.11 or newer is needed: install it, or name it with make PYTHON=/path/to/python3'; exit 1; } >&2
	@$(PYTHON) -m pip --version >/dev/null || \
	  { echo 'pip is needed: install it (Debian: python3-pip), or name a Python that has it with PYTHON='; exit 1; } >&2
	PIP_USER=0 $(PYTHON) -m pip install -q --disable-pip-version-check --no-warn-script-location \
	  --root-user-action=ignore --target .tools/uv-$(UV_VERSION) uv==$(UV_VERSION)
