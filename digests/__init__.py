"""The daily word on progress, and the one definition of progress behind it."""

from digests.progress import Progress, counter, progress
from digests.sending import Digests
from digests.sums import TeamSum, team_sums

__all__ = ["Digests", "Progress", "TeamSum", "counter", "progress", "team_sums"]
