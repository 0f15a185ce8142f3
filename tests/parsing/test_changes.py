"""Who left, and who follows."""

import pytest

from parsing.changes import find_changes
from parsing.model import ContactMention, Found

CASES = [
    ("nl", "Ria Bol is weg sinds mei, opvolger is Tom Vis.", "Ria Bol", "Tom Vis"),
    ("nl", "Ria Bol werkt er niet meer, Tom Vis neemt het over.", "Ria Bol", "Tom Vis"),
    ("nl", "Gesproken met Ria Bol. Ze gaat met pensioen.", "Ria Bol", None),
    ("nl", "Tom Vis is de opvolger van Ria Bol.", "Ria Bol", "Tom Vis"),
    ("nl", "Gesproken met Ria Bol en Tom Vis, alles goed.", None, None),
    ("de", "Ute Rau ist in Rente, neuer Einkäufer ist Jan Kern.", "Ute Rau", "Jan Kern"),
    ("de", "Ute Rau hat gekündigt. Nachfolger: Jan Kern.", "Ute Rau", "Jan Kern"),
    ("de", "Jan Kern ist Nachfolger von Ute Rau.", "Ute Rau", "Jan Kern"),
    ("de", "Ute Rau war heute nicht dabei, Jan Kern schon.", None, None),
    ("fi", "Aki Salmi on lähtenyt talosta, tilalla Eva Lund.", "Aki Salmi", "Eva Lund"),
    ("fi", "Aki Salmi jää eläkkeelle. Seuraaja on Eva Lund.", "Aki Salmi", "Eva Lund"),
    ("fi", "Tapasin Aki Salmi ja Eva Lund.", None, None),
    ("en", "Sue Park has left, Ben Cole takes over.", "Sue Park", "Ben Cole"),
    ("en", "Saw Sue Park. She's retiring in June and Ben Cole steps in.", "Sue Park", "Ben Cole"),
    ("en", "Ben Cole is replacing Sue Park.", "Sue Park", "Ben Cole"),
    ("en", "Sue Park left her card with Ben Cole.", None, None),
]


@pytest.mark.parametrize(("language", "text", "left", "successor"), CASES, ids=[case[1] for case in CASES])
def test_who_left_and_who_follows(language: str, text: str, left: str | None, successor: str | None) -> None:
    names = ["Ria Bol", "Tom Vis", "Ute Rau", "Jan Kern", "Aki Salmi", "Eva Lund", "Sue Park", "Ben Cole"]
    persons = [
        Found(ContactMention(name=name), text.index(name), text.index(name) + len(name))
        for name in names
        if name in text
    ]
    changes = [one.value for one in find_changes(text, language, persons)]
    got = [(one.contact.name, one.successor.name if one.successor else None) for one in changes]
    assert ([(left, successor)] if left else []) == got
