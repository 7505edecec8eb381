"""Words of Django and its libraries that our pages show and their own Thai catalogs leave in English.

Never imported: `messages.py` reads it like any source, so that locale/th can hold the Thai.
"""
