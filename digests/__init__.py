"""The daily word on progress, and the one definition of progress behind it."""

from digests.progress import Progress, counter, progress
from digests.sending import Digests

__all__ = ["Digests", "Progress", "counter", "progress"]
