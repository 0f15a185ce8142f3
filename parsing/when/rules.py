"""The rules that read days, dates and stretches of days in the letters of a text, the same for all languages."""

import re
from collections.abc import Callable, Iterator

from parsing.when.lexer import Lexed
from parsing.when.model import Day
from parsing.when.readers import (
    DAYS_A_MONTH,
    Match,
    read_ago,
    read_ahead,
    read_by_close_of,
    read_dashed,
    read_day_of_month,
    read_dotted,
    read_english_month_day,
    read_english_weekday_week,
    read_feast,
    read_german_day_of_month,
    read_half_month,
    read_iso,
    read_month,
    read_month_day,
    read_numbered_week,
    read_numeric,
    read_range,
    read_relative,
    read_special,
    read_stretch,
    read_today_and_more,
    read_week_before,
    read_week_day,
    read_week_of,
    read_weekday,
    read_weekday_and_week,
    read_weekday_by_feast,
    read_weekday_range,
    read_word_month,
    text,
    value,
)

Reader = Callable[[Lexed, Match], Day | None]

_Y = r"(?:[ ,]{0,2}(?P<y>y|(?<=\.)n|(?<=\. )n(?=[ ,.;)\n]|$)))?"

RULES: tuple[tuple[re.Pattern[str], Reader], ...] = tuple(
    (re.compile(pattern), reader)
    for pattern, reader in (
        (r"(?<![-/\d.n9])(?P<y>y)-(?P<m>n)-(?P<d>n)(?![-\d])", read_iso),
        # Ranges of days.
        (r"(?<![n9y.,/:-])(?P<d>n)\.? ?[-t] ?(?P<e>n)\. ?(?P<m>n)\.(?P<y>y|n)?", read_range),
        (r"(?<![n9y.,/:-])(?P<d>n)\.? ?(?:-|t|&|[ ]t[ ]) ?(?P<e>n)\.? ?(?P<m>M)(?: (?P<y>y))?", read_range),
        (r"(?<![n9y.,/:-])(?P<d>n)\. ?(?P<k>n)\.? ?[-t] ?(?P<e>n)\. ?(?P<m>n)\.?(?P<y>y|n)?", read_range),
        (r"(?<![n9y.,/:-])(?P<d>n)/(?P<k>n) ?[-t] ?(?P<e>n)/(?P<m>n)(?P<y>y)?", read_range),
        (r"(?P<m>M) (?P<d>n)s? ?- ?(?P<e>n)s?(?:, ?(?P<y>y))?(?![n:.]n)", read_range),
        (r"(?P<d>D) ?(?:-|[ ]t[ ]|t) ?(?P<e>D)", read_weekday_range),
        # Dates in figures.
        (r"(?<![n9y.,/:-])(?P<d>n)(?P<x>[./-])(?P<m>n)(?P=x)(?P<y>[yn])(?![n9\d])(?!%)", read_numeric),
        (r"(?<![n9y.,/:-])(?P<d>n)\. (?P<m>n)\. ?(?P<y>y)", read_numeric),
        (r"(?<![n9y.,/:-])(?P<d>n)\. ?(?P<m>n)\.(?!n)", read_numeric),
        (r"(?<![n9y.,/:+-])(?P<d>n)/(?P<m>n)(?![n9y/%-])(?P<y>)", read_numeric),
        (r"(?<![n9y.,/:-])(?P<d>n)-(?P<m>n)(?![n9y/%:-]|\.n)(?P<y>)", read_dashed),
        (r"(?<![n9y.,/:-])(?P<d>n)\.(?P<m>n)(?![n9y/%,H-]|[.:]n)(?P<y>)", read_dotted),
        # Days of a named month.
        (r"(?P<k>K) (?:# )?(?:D )?(?:# )?(?P<m>M) (?P<d>n)s?", read_week_of),
        (r"(?P<k>K) (?:# )?(?:D )?(?:# )?(?P<d>n)s? (?:# )?(?P<m>M)", read_week_of),
        (
            r"(?P<d>n)(?:[s#.]{0,2}) ?(?:#|f)? ?(?:# )?(?P<m>M)(?:(?: (?P<s>[LXC]) (?P<u>U))|" + _Y[3:-2] + ")?",
            read_month_day,
        ),
        (r"(?P<d>[wo]) (?:# )?(?P<m>M)" + _Y, read_word_month),
        (
            r"(?P<m>M)\.? (?:# )?(?P<d>n)(?:[s#.](?![n]))?(?! ?[:H])(?: ?U)?(?:,? (?P<y>y)| (?P<s>[LXC]) (?P<u>U))?",
            read_english_month_day,
        ),
        (r"(?P<m>M) (?:# )?(?P<d>o)", read_month_day),
        # Months, and their edges.
        (r"(?P<e>[eam]) (?:[#fC] )*(?P<s>[LXCV] )?(?P<m>M)(?: (?P<y>y))?", read_month),
        (r"(?P<m>M) (?P<e>[eam])", read_month),
        (r"(?P<s>[LXCV]) (?P<m>M)", read_month),
        (r"(?P<h>h) (?P<m>M)", read_half_month),
        (r"(?P<m>M)(?: (?P<y>y))", read_month),
        # Weeks by number, with and without a weekday.
        (r"(?P<e>[eam])? ?(?:# )?(?P<k>K) ?:?(?P<n>n)(?:[/ ](?P<y>y))?[ ,]{1,2}(?:@ )?(?P<d>D)", read_numbered_week),
        (r"(?P<d>D)[ ,]{1,2}(?:[@#fiC] )*(?P<k>K) ?(?P<n>n)(?P<y>)", read_numbered_week),
        (r"(?:(?P<e>[eam]) (?:[#f] )*)?(?P<k>K) ?:?(?P<n>[nw])(?!-|[.,/:]n)(?:[/ ](?P<y>y))?", read_numbered_week),
        (
            r"(?P<n>n)\.? (?P<k>K)(?![ ]?[gj])(?P<y>)",
            lambda lexed, match: (
                read_numbered_week(lexed, match) if lexed.letters[match.start("n") + 1] == "." else None
            ),
        ),
        # Weekdays of a week near this one.
        (r"(?P<s>[LlXCVY]) (?P<u>K)[ ,]{1,2}(?:[@#] )*(?P<d>D)(?: (?P<p>P))?", read_week_day),
        (r"(?P<d>D)[ ,]{1,2}(?:[#f@] )*(?P<s>[LlXCVY]) (?P<u>K)", read_week_day),
        (r"(?P<s>[YlLX]) (?P<u>K)", read_stretch),
        (r"(?P<d>D) (?P<o>[i>]) (?P<n>[nw]) (?P<u>[UK])", read_weekday_and_week),
        (r"(?P<d>D) (?P<u>K)(?P<n>)(?! ?n)", read_english_weekday_week),
        (
            r"(?P<d>D) (?P<u>U)(?P<n>)",
            lambda lexed, match: (
                read_weekday_and_week(lexed, match) if text(lexed, match, "u") == "fortnight" else None
            ),
        ),
        (
            r"(?:(?P<n>w) )?(?P<u>K) (?:@ )?(?P<d>D)",
            lambda lexed, match: read_weekday_and_week(lexed, match) if lexed.language == "en" and match["n"] else None,
        ),
        # Days counted from today.
        (r"(?P<r>R) (?:[i>]) (?P<n>[nw]) (?P<u>[UK])", read_today_and_more),
        (
            r"(?P<r>R) (?P<u>K)(?P<n>)",
            lambda lexed, match: read_today_and_more(lexed, match) if lexed.language == "en" else None,
        ),
        (
            r"(?P<n>[nw]) (?P<u>[UK]) (?:f )?(?P<r>R)",
            lambda lexed, match: read_today_and_more(lexed, match) if lexed.language == "en" else None,
        ),
        (r"(?P<o>[i>]) (?:[#Xz] )*(?P<n>[nw]) (?P<u>[UK])(?! ?[gj~])", read_ahead),
        (r"(?P<n>[nw]) ?(?P<u>[UK]) (?:# )?j", read_ahead),
        (r"(?P<n>)(?P<u>[UK]) j", read_ahead),
        (r"(?P<o>B) (?:[#z] )*(?P<n>[nw]) (?P<u>[UK])", read_ago),
        (r"(?P<n>[nw]) ?(?P<u>[UK]) g", read_ago),
        (r"(?P<n>)(?P<u>[UK]) g", read_ago),
        (r"(?P<r>R)(?:[ ,]{1,2}(?:[@#f] )?(?P<p>P))?", read_relative),
        # Stretches near this one, and their edges.
        (r"(?P<e>[eam]) (?:[#f] )*(?P<s>[LlXCVY]) (?P<u>[UK])", read_stretch),
        (r"(?P<s>[LlXCVY]) (?P<u>[UK]) (?P<e>[eam])", read_stretch),
        (r"(?P<s>[LlXCVY]) (?P<u>[UK])(?! n)", read_stretch),
        (r"(?P<s>[Yl])(?! ?[UKDM])", read_week_before),
        (r"(?P<w>W) (?:@ )?(?P<d>D)", read_by_close_of),
        (
            r"(?P<w>W) (?:@ )?(?P<r>R)",
            lambda lexed, match: read_relative(lexed, match) if value(lexed, match, "w") == "eod" else None,
        ),
        (r"(?P<w>W)", read_special),
        # Feasts.
        (r"(?P<d>D) (?P<b>[Bb>]) (?:# )?(?P<f>F)", read_weekday_by_feast),
        (r"(?P<f>F) (?P<b>j)", read_feast),
        (r"(?:(?P<b>[Bbt>]) )?(?:# )?(?P<f>F)", read_feast),
        # Weekdays.
        (r"(?:(?P<s>[LlXCVYJ]) )?(?P<d>D)(?: (?:@ )?(?P<p>P))?(?: (?P<z>[JVL])(?! [KUD]))?", read_weekday),
        # Days of the month.
        (r"(?<![n9y.,/:-])(?P<d>n)(?:s|(?<=n)#)(?![a-z])", read_day_of_month),
        (r"(?<![n9y.,/:-])(?P<d>n)\.(?![ny9])(?: ?U)?", read_german_day_of_month),
        (
            r"(?<![n9y.,/:-])(?P<d>n)\. ?U",
            lambda lexed, match: (
                Day(kind="day_of_month", day=value(lexed, match, "d"))
                if lexed.language == "fi" and 1 <= value(lexed, match, "d") <= DAYS_A_MONTH
                else None
            ),
        ),
        (r"(?<=[@bt] )(?:# )?(?P<d>o)(?! ?[xMUSKID])", read_day_of_month),
    )
)


def days(lexed: Lexed) -> Iterator[tuple[int, int, Day]]:
    """Every day that a rule reads: its tokens from, up to, and what they say; those may overlap."""
    for pattern, reader in RULES:
        for match in pattern.finditer(lexed.letters):
            found = reader(lexed, match)
            if found is not None:
                yield match.start(), match.end(), found
