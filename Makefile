# python3 (3.11 or newer) and make are all that is needed: everything else goes into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
TOOLS := $(VENV)/tools
TOOLED := $(TOOLS)/.installed
LOCKED := --quiet --universal --python-version 3.11 --generate-hashes --no-annotate

.PHONY: install run test check lint lock bench eval calibrate model golden pictures clean audit sbom docs
.DEFAULT_GOAL := help

help: ## what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

install: $(STAMP) ## a virtual environment with everything, and the command .venv/bin/debrief

$(STAMP): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Debrief needs Python 3.11 or newer; PYTHON=/path/to/python3.11 make ... chooses another")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[tests]'
	touch $@

run: install ## the whole thing over SQLite, with a sample company: http://127.0.0.1:8420/
	$(BIN)/debrief run --sample

test: install ## every test; installs the servers that they drive where it may
	sh tests/servers/install.sh
	$(BIN)/pytest -q -n 4 --dist loadfile $(if $(ONLY),-m "$(ONLY)")

lint: install
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/bandit -ll --quiet --configfile pyproject.toml --recursive app web bot mail_ingest capture digests jobs store parsing letters

check: ONLY := not slow
check: lint test ## what CI runs: format, lint, types, import layers, tests but those of minutes (.ci/nightly: all)

audit: $(TOOLED) ## known holes of what the image is made of; asks the network
	$(TOOLS)/bin/pip-audit --disable-pip --require-hashes --requirement deploy/lock/run.txt

lock: $(TOOLED) ## what it needs, pinned with hashes for the image: deploy/lock; asks the network
	$(TOOLS)/bin/uv pip compile $(LOCKED) pyproject.toml --extra traces --output-file deploy/lock/run.txt
	$(TOOLS)/bin/uv pip compile $(LOCKED) deploy/lock/build.in --output-file deploy/lock/build.txt

sbom: install $(TOOLED) ## what is installed here with its licences, as CycloneDX: sbom.json
	$(TOOLS)/bin/cyclonedx-py environment $(BIN)/python --no-validate --output-file sbom.json

# In an environment of their own: with ours every extra is resolved anew, which takes minutes.
$(TOOLED): pyproject.toml
	$(PYTHON) -m venv $(TOOLS)
	$(PYTHON) -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["audit"], sep="\n")' > $(TOOLS)/wanted.txt
	$(TOOLS)/bin/python -m pip install --quiet --disable-pip-version-check --requirement $(TOOLS)/wanted.txt
	touch $@

docs: install ## the pages of docs/ as a site, links checked: site/index.html
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[tests,docs]'
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

bench: install ## how fast, beside what one would assemble in an afternoon
	-$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[tests,bench]'
	$(BIN)/python -m tests.bench

eval: install ## how well messages are understood; CASES=folder with world/ and cases.jsonl, SCORE=another scorer
	$(BIN)/python -m tests.evaluate $(if $(SCORE),--score "$(SCORE)") $(if $(SHOW),--show "$(SHOW)") $(if $(CASES),"$(CASES)")

calibrate: install ## count anew how often values are right, by the kind of their evidence: parsing/words/confidence.json
	$(BIN)/python -m tests.calibrate parsing/words/confidence.json

model: install ## train the model for new names anew: two to three minutes, the same file to the byte
	$(BIN)/python -m training.train parsing/words/names_model.crfsuite

golden: install ## write the golden letters and the page of settings anew; then read the diff
	DEBRIEF_GOLDEN=write $(BIN)/pytest -q tests/letters tests/app/test_docs.py

pictures: install ## draw the digests and pages that docs/ shows anew, by Chromium
	$(BIN)/python -m tests.pictures

clean: ## remove what was set up here; the data stay
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
