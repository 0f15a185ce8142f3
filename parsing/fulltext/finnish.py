"""Finnish stems made alike: Snowball leaves "tarjous" and "tarjouks", "kauppa" and "kaupa" apart.

Final -s, -ks, -n and vowels go, and what is left ends in the weak grade (Iso suomen kielioppi, VISK § 41-45).
"""

SHORTEST = 3
_ENDINGS = ("ks", "s", "n")
_WEAK = {"nt": "n", "nk": "n", "ng": "n", "mp": "m", "lt": "l", "rt": "r"}
_SAME = {"d": "t", "v": "p"}


def shortened(stem: str) -> str:
    """The stem as all forms of its word have it, more or less; never shorter than three letters."""
    for ending in _ENDINGS:
        if stem.endswith(ending) and len(stem) - len(ending) >= SHORTEST:
            stem = stem.removesuffix(ending)
            break
    while stem[-1:] in "aeiouy" and len(stem) > SHORTEST:
        stem = stem[:-1]
    if len(stem) > SHORTEST and stem[-1] == stem[-2]:
        stem = stem[:-1]
    if len(stem) > SHORTEST and stem[-2:] in _WEAK:
        return stem[:-2] + _WEAK[stem[-2:]]
    return stem[:-1] + _SAME.get(stem[-1:], stem[-1:])
