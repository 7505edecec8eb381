"""Counts attempts in the database's cache, which all workers share."""

from django.core.cache import cache


def too_many(name: str, key: str, *, most: int, seconds: int) -> bool:
    """Count this attempt; True when it is past `most` within `seconds` since the first."""
    place = f"attempts:{name}:{key}"
    if cache.add(place, 1, seconds):
        return most < 1
    try:
        return cache.incr(place) > most
    except ValueError:  # it ended between the two calls
        cache.add(place, 1, seconds)
        return most < 1
