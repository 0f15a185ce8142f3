"""The daily word on progress, and the one definition of progress behind it."""

from digests.progress import Progress, counter, progress

__all__ = ["Progress", "counter", "progress"]
