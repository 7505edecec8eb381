# Two commands: `make run` and `make test`. Each goes from a fresh clone to its end by itself.
#
#   make run [HOST=localhost] [PORT=8000] [DEMO=no]   serve the demonstration (DEMO=no: an empty fund)
#   make serve                                        serve with production settings (see .env.example)
#   make test [PYTEST="-k hospital"]                  all tests
#   make check                                        static checks
#   make bench                                        speed: a table and JSON
#   make faults                                       the long reliability runs, up to an hour
#   make messages                                     bring new words into the Thai catalog, compile it
#   make clean                                        remove what tools left behind; never data

HOST ?= localhost
PORT ?= 8000
# three workers on two processors: a worker often waits for a browser or the disk
WORKERS ?= $(shell n=$$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2); [ $$n -gt 4 ] && n=4; [ $$n -lt 3 ] && n=3; echo $$n)
PYTHON := .venv/bin/python
# tests and checks stand on their own server and settings, whatever this shell serves
ALONE := env -u DATABASE_URL -u DATABASE_OWNER_URL -u DEMO -u DEBUG -u FUND_VAR -u SECRET_KEY
SOURCES := bansong_fund office members ledger contributions welfare reports tests tools manage.py

ifdef DEMO
export DEMO
endif

.DEFAULT_GOAL := run
.PHONY: run serve test check bench faults messages clean venv venv-dev venv-faults

venv:
	@tools/prepare.sh run

venv-dev:
	@tools/prepare.sh dev

venv-faults:
	@tools/prepare.sh faults

run: venv
	@exec $(PYTHON) -m bansong_fund.run --host "$(HOST)" --port "$(PORT)"

serve: venv
	@exec $(PYTHON) -m bansong_fund.run --production --host "$(HOST)" --port "$(PORT)"

test: venv-dev
	$(ALONE) $(PYTHON) -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder -m "not faults" $(PYTEST)

check: venv-dev
	$(PYTHON) -m ruff format --check $(SOURCES)
	$(PYTHON) -m ruff check $(SOURCES)
	$(ALONE) $(PYTHON) -m mypy
	.venv/bin/lint-imports
	$(ALONE) $(PYTHON) manage.py makemigrations --check --dry-run
	$(PYTHON) tools/check_production.py
	.venv/bin/djlint --lint --quiet templates

bench: venv-dev
	$(ALONE) $(PYTHON) manage.py bench

faults: venv-faults
	$(ALONE) $(PYTHON) -m pytest -n0 -m faults $(PYTEST)

messages: venv-dev
	$(PYTHON) tools/messages.py
	$(PYTHON) tools/compile_messages.py

clean:
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache var/static var/static.stamp
	find . -name __pycache__ -not -path "./.venv/*" -prune -exec rm -rf {} +
