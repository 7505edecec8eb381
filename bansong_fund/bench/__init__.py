"""Measures speed: `manage.py bench`, which `make bench` calls. See docs/operations.md.

`run` builds a scratch database of each size, `measure` serves it by gunicorn and asks for pages as two visitors
would, `figures` reckons medians and ratios, `printing` puts them into a table. `settings` and `urls` are what the
measured server runs with: the program's own, with one bare page and a counter of queries beside.
"""
