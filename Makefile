# make test and make demo need Python 3.11 or newer, git and make; they set up .venv themselves.
PYTHON ?= python3
BIN := .venv/bin
KILLS ?= 300
FUZZ ?= 50000
SCRIPTS ?= 2000
MUTATIONS ?= 1000
SEED := $(or $(SEED),$(shell od -An -N3 -tu4 /dev/urandom | tr -d ' '))

.PHONY: test demo wheel soak soak-kills soak-scripts soak-mutations soak-fuzz soak-properties soak-workers soak-serve bench lint types docs lock clean
.DELETE_ON_ERROR:

test: .venv/ready
	$(BIN)/pytest

demo: .venv/ready
	$(BIN)/ingest demo

# A wheel for this platform in dist/, in which what reads a page is compiled; needs a C compiler. Pages are read the same.
wheel: .venv/ready
	HATCH_BUILD_HOOK_ENABLE_CUSTOM=true $(BIN)/python -m build --wheel --no-isolation --outdir dist .

# The heavy tests at their full counts, in parts under ten minutes on two idle cores. Each prints its seed, and
# `make soak SEED=...` repeats it. `make soak KILLS=3000` kills ten times as often.
soak: soak-kills soak-scripts soak-mutations soak-fuzz soak-properties soak-workers soak-serve

soak-kills: .venv/ready
	for part in $$(seq 1 $$(( ($(KILLS) + 59) / 60 ))); do \
		INGEST_PART=$$part INGEST_KILLS=60 INGEST_SEED=$$(( $(SEED) + part )) $(BIN)/pytest tests/crash -s || exit 1; done

soak-scripts: .venv/ready
	INGEST_SCRIPTS=$(SCRIPTS) INGEST_SEED=$(SEED) $(BIN)/pytest tests/history/test_random_scripts.py -s

soak-mutations: .venv/ready
	INGEST_MUTATIONS=$(MUTATIONS) INGEST_SEED=$(SEED) $(BIN)/pytest tests/parsers/test_mutations.py -s

soak-fuzz: .venv/ready
	for part in $$(seq 1 $$(( ($(FUZZ) + 9999) / 10000 ))); do \
		INGEST_FUZZ=10000 INGEST_SEED=$$(( $(SEED) + part )) $(BIN)/pytest tests/hostile/test_fuzz.py -s || exit 1; done

soak-properties: .venv/ready
	for folder in $$(grep -rl hypothesis tests --include='test_*.py' | xargs -n 1 dirname | sort -u); do \
		INGEST_HYPOTHESIS=soak $(BIN)/pytest -m hypothesis $$folder --hypothesis-seed=$(SEED) || exit 1; done

soak-workers: .venv/ready
	INGEST_WORKERS=1 $(BIN)/pytest tests/flows/test_two_workers.py -s

soak-serve: .venv/ready
	INGEST_SOAK=1 $(BIN)/pytest tests/serve/test_kills.py -s --durations=0
	INGEST_SOAK=1 $(BIN)/pytest tests/serve/test_serving.py -s --durations=0

# Ours beside Scrapy, Crawlee and a bare loop: ten minutes on a quiet machine. make bench BENCH="--pages 500 --rounds 1"
bench: .venv/ready
	$(BIN)/python -m benchmarks.compare $(BENCH)

lint: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/ready
	$(BIN)/mypy

# What the documentation says of the program, from the program.
docs: .venv/ready
	$(BIN)/python -m ingest.store.describe > docs/schema.md
	$(BIN)/python -m ingest.sources.describe > docs/source-file.md

# Hashes and no index addresses, for every platform and for Python 3.11 and newer.
lock: .venv/ready
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --group dev --output-file requirements.lock pyproject.toml

# --no-deps: the lock is complete, and pip can't match an extra of a pinned package to its hash. `pip check` proves it.
.venv/ready: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "ingest needs Python 3.11: make PYTHON=python3.11")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/pip check --disable-pip-version-check
	touch $@

clean:
	rm -rf .venv dist
