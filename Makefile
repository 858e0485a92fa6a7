# make setup | demo | test | test-quick | test-crash | season | bench | bench-quick | run | lint | lock
# Everything lives in .venv; nothing but Python 3.11 or newer, make and git is expected.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: setup setup-dev demo run test test-quick test-crash season bench bench-quick lint lock

setup: .venv/ready
setup-dev: .venv/ready-dev

# Debian ships venv apart from Python: as root it is fetched, otherwise the way out is said.
.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) --version). Try: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -m venv .venv >/dev/null 2>&1 \
	  || { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null && $(PYTHON) -m venv --clear .venv; } \
	  || { rm -rf .venv; echo "Python's venv module is missing. Run: sudo apt-get install python3-venv"; exit 1; }

.venv/ready: .venv/bin/python requirements.lock pyproject.toml
	@echo "Setting up .venv (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/ready-dev: .venv/ready requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

demo: setup
	@$(BIN)/bot rehearse

run: setup
	@$(BIN)/bot run

lint: setup-dev
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/bot schema | diff -u schedules.schema.json - || { echo "schedules.schema.json is out of date: bot schema > schedules.schema.json"; exit 1; }

test: setup-dev
	@$(BIN)/python -m pytest -n auto

# While working: without killed workers, real servers of the networks, and whole runs of the bot.
test-quick: setup-dev
	@$(BIN)/python -m pytest -n auto --ignore=tests/acceptance --ignore=tests/crash \
	  --ignore=tests/platforms/test_contract.py --ignore=tests/platforms/test_bluesky.py \
	  --ignore=tests/platforms/test_bluesky_session.py --ignore=tests/platforms/test_mastodon.py

# What the sample season posts, as docs/season.md has it.
season: setup-dev
	@$(BIN)/python -m tests.docs.season > docs/season.md.new && mv docs/season.md.new docs/season.md

# POSTS and KILLS set its length: make test-crash POSTS=10000 KILLS=200
test-crash: export POSTS ?= 10000
test-crash: export KILLS ?= 200
test-crash: setup-dev
	@$(BIN)/python -m pytest -m crash tests/crash/test_crash.py --override-ini addopts="-q -s --import-mode=importlib -p no:cacheprovider" -o timeout=0

# Nothing else should run on the machine meanwhile.
bench: setup-dev
	@$(BIN)/python -m bench

bench-quick: setup-dev
	@$(BIN)/python -m bench --quick

lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --quiet pyproject.toml --group build -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --quiet pyproject.toml --group build --group dev -c requirements.lock -o requirements-dev.lock
