"""Pictures of digests and pages for the documentation: ``make pictures`` writes docs/images/.

The digests come out of the golden cases, the pages out of the sample company (`tests.page_pictures`).
Mail is drawn by a real Chromium as a phone and a desk show it, light and dark; Slack by a preview of our own, which
draws the blocks that we send much as Slack does.
"""

import html
import sys
import tempfile
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

from letters import Letter, render
from tests import page_pictures
from tests.letters.conftest import CASES, read_case
from tests.servers.chromium import Chromium

IMAGES = Path(__file__).parent.parent / "docs" / "images"
PICTURES = {"morning.whole": "nl", "team.whole": "en", "team_week.whole": "de", "week.whole": "fi"}
"""Case and language."""
PHONE, DESK, CHAT = 390, 1280, 700
STYLE = """
body { margin: 0; padding: 16px; background: #fff; color: #1d1c1d;
font: 15px/1.46 Lato, "Segoe UI", Arial, sans-serif; }
main { max-width: 620px; display: grid; grid-template-columns: 36px 1fr; gap: 8px; }
.icon { width: 36px; height: 36px; border-radius: 6px; background: #0f766e; }
h1 { font-size: 18px; margin: 8px 0 4px; } p { margin: 4px 0; white-space: pre-wrap; }
ul, ol { margin: 4px 0; padding-left: 28px; } a { color: #1264a3; text-decoration: none; }
code { color: #e01e5a; background: #f6f6f6; border: 1px solid #ddd; border-radius: 3px;
padding: 0 3px; font-size: 12px; }
pre { background: #f8f8f8; border: 1px solid #ddd; border-radius: 4px; padding: 8px; font-size: 12px; margin: 4px 0; }
button { background: #fff; border: 1px solid #bbb; border-radius: 4px; padding: 5px 12px; margin: 4px 8px 4px 0;
font: bold 13px Lato, Arial, sans-serif; max-width: 100%; overflow: hidden; text-overflow: ellipsis; }
small { color: #616061; } .said { font-weight: 900; }
@media (prefers-color-scheme: dark) {
body { background: #1a1d21; color: #d1d2d3; } a { color: #4aa8e0; } button { background: #1a1d21; color: #d1d2d3; }
pre, code { background: #222529; border-color: #444; } code { color: #e8912d; } small { color: #ababad; } }
"""


def preview(letter: Letter) -> str:
    """A page that shows the blocks of a letter much as Slack does."""
    blocks = "\n".join(_block(block) for block in letter.blocks)
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><style>{STYLE}</style></head><body><main>'
        f'<div class="icon"></div><div><p class="said">Debrief</p>{blocks}</div></main></body></html>'
    )


def _block(block: Mapping[str, Any]) -> str:
    if block["type"] == "header":
        return f"<h1>{html.escape(block['text']['text'])}</h1>"
    if block["type"] == "section":
        return f"<p>{html.escape(block['text']['text'])}</p>"
    if block["type"] == "context":
        return "".join(f"<p><small>{html.escape(one['text'])}</small></p>" for one in block["elements"])
    if block["type"] == "actions":
        return "".join(f"<button>{html.escape(_label(one))}</button>" for one in block["elements"])
    return "".join(_rich(one) for one in block["elements"])


def _label(element: Mapping[str, Any]) -> str:
    return "\u22ef" if element["type"] == "overflow" else str(element["text"]["text"])


def _rich(part: Mapping[str, Any]) -> str:
    if part["type"] == "rich_text_list":
        items = "".join(f"<li>{_words(one)}</li>" for one in part["elements"])
        tag = "ol" if part["style"] == "ordered" else "ul"
        return f'<{tag} start="{part.get("offset", 0) + 1}">{items}</{tag}>'
    tag = "pre" if part["type"] == "rich_text_preformatted" else "p"
    return f"<{tag}>{_words(part).removesuffix(chr(10))}</{tag}>"


def _words(part: Mapping[str, Any]) -> str:
    return "".join(_word(one) for one in part["elements"]).replace("\n", "<br>" if part["type"].endswith("n") else "\n")


def _word(one: Mapping[str, Any]) -> str:
    said, style = html.escape(one["text"]), one.get("style", {})
    if one["type"] == "link":
        said = f'<a href="{html.escape(one["url"])}">{said}</a>'
    for name, tag in (("bold", "b"), ("italic", "i"), ("code", "code")):
        said = f"<{tag}>{said}</{tag}>" if style.get(name) else said
    return said


def pages() -> Iterator[tuple[str, str, tuple[int, ...]]]:
    """Each page with its name and the widths that it is drawn in."""
    for name, language in PICTURES.items():
        case = read_case(CASES / f"{name}.toml")
        letter = render(case.letter, language, **case.context)
        yield f"{case.letter}-mail", letter.html, (PHONE, DESK)
        yield f"{case.letter}-slack", preview(letter), (CHAT,)


def draw(folder: Path) -> list[Path]:
    """Draw all pictures into the folder."""
    made = []
    with tempfile.TemporaryDirectory() as profile:
        browser = Chromium(Path(profile))
        browser.start()
        try:
            for name, page, widths in pages():
                file = Path(profile) / f"{name}.html"
                file.write_text(page, "utf-8")
                for width, dark in product(widths, (False, True)):
                    picture = folder / _called(name, width, dark=dark)
                    _shoot(browser, file, picture, width, dark=dark)
                    made.append(picture)
        finally:
            browser.stop()
    return made


def _called(name: str, width: int, *, dark: bool) -> str:
    size = {PHONE: "-phone", DESK: "-desk", CHAT: ""}[width]
    return f"digest-{name}{size}{'-dark' if dark else ''}.png"


def _shoot(browser: Chromium, page: Path, picture: Path, width: int, *, dark: bool) -> None:
    browser.looks(width, 400, dark=dark)
    browser.opens(page.as_uri())
    browser.looks(width, int(browser.asks("document.documentElement.scrollHeight")), dark=dark)
    browser.shoots(picture)


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else IMAGES
    for picture in [*draw(folder), *page_pictures.draw(folder)]:
        print(picture.name)  # noqa: T201
