"""When: the day and the times of a visit, and every other moment that a message names.

A text becomes a string of letters, one a token (`lexer`, with the words of `lexicon`); rules that all languages share
read days (`rules`) and times (`atoms`, `clock`) in it; `reading` decides overlaps; `resolve` turns what was said into
dates.
"""

from parsing.when.hours import find_times
from parsing.when.model import Moment
from parsing.when.moments import find_moments
from parsing.when.visit import find_day

__all__ = ["Moment", "find_day", "find_moments", "find_times"]
