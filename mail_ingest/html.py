"""HTML to the plain text that a person sees, with what mail clients mark in HTML kept as their marks in text.

A quote (``blockquote``) becomes lines that begin with ``>``, a rule (``hr``, or Outlook's line above a header block)
a line of underscores, a client's signature element the line ``--`` of RFC 3676 4.3.
"""

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

RULE = "_" * 32
_SKIPPED = frozenset(
    {
        "head",
        "style",
        "script",
        "title",
        "meta",
        "link",
        "template",
        "noscript",
        "object",
        "svg",
        "select",
        "textarea",
        "-comment",
        "_comment",
    }
)
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "body",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "html",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "thead",
        "tr",
        "ul",
        "blockquote",
    ]
)
_SPACED = frozenset({"p", "h1", "h2", "h3", "h4", "ul", "ol"})
_SIGNATURE = re.compile(r"gmail_signature(?!_prefix)|moz-signature|ms-outlook-mobile-signature")
_OUTLOOK_RULE = re.compile(r"border-top:\s*solid\s+#[0-9a-f]{6}\s+1\.0pt", re.IGNORECASE)
_HIDDEN = re.compile(r"display:\s*none|mso-hide:\s*all", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]*)[^<>]*>?")
_VOID = frozenset({"br", "hr", "img", "meta", "link", "input", "area", "base", "col", "wbr", "source"})
_LONGEST = 2_000_000
_FEW_TAGS = 2_000
_MOST_TAGS = 120_000
_DEEPEST = 200
_MOST_NODES = 60_000
_DEEPEST_QUOTE = 20
_FEW_SIBLINGS = 4


@dataclass(slots=True)
class _Page:
    """The lines so far, and the one that is being written."""

    lines: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    quotes: int = 0
    pre: int = 0

    def end_line(self) -> None:
        """End the line that is being written, if there is one."""
        if self.words:
            text = "".join(self.words)
            self._add(text if self.pre else re.sub(r"[ \r\n\f]+", " ", text).strip(" "))
            self.words.clear()

    def break_line(self) -> None:
        """End the line; an empty one counts."""
        if self.words:
            self.end_line()
        else:
            self._add("")

    def space(self) -> None:
        """An empty line, unless there is one."""
        self.end_line()
        if self.lines and self.lines[-1].strip("> "):
            self._add("")

    def _add(self, text: str) -> None:
        mark = ">" * min(self.quotes, _DEEPEST_QUOTE)
        self.lines.append(f"{mark} {text}".rstrip() if mark else text)


def read_html(markup: str) -> str:
    """The text of ``markup``; of a page of more than 60,000 elements the first so many."""
    tree = LexborHTMLParser(_shallow(markup[:_LONGEST]))
    if tree.root is None:
        return ""
    page = _Page()
    # The stack holds nodes to enter and, as (node, True), those to leave: recursion would end at 1,000 levels.
    stack: list[tuple[LexborNode, bool]] = [(tree.root, False)]
    seen = 0
    while stack:
        node, leaving = stack.pop()
        if leaving:
            _leave(page, node)
            continue
        seen += 1
        if seen > _MOST_NODES:
            break
        if not _enter(page, node):
            continue
        stack.append((node, True))
        children: list[tuple[LexborNode, bool]] = []
        child = node.child
        while child is not None and len(children) < _MOST_NODES:
            children.append((child, False))
            child = child.next
        stack.extend(reversed(children))
    page.end_line()
    return "\n".join(page.lines)


def _shallow(markup: str) -> str:
    """``markup`` without tags that nest deeper than 200.

    An HTML parser looks through all open elements at each tag: a megabyte of ``<div>`` would take it minutes.
    """
    if markup.count("<") <= _FEW_TAGS:
        return markup
    depth = 0
    kept: list[str] = []
    end = 0
    for count, match in enumerate(_TAG.finditer(markup)):
        if count > _MOST_TAGS:
            kept.append(markup[end : match.start()])
            return "".join(kept)
        if match.group(2).lower() in _VOID:
            continue
        depth = max(0, depth - 1) if match.group(1) else depth + 1
        if depth > _DEEPEST and not match.group(1):
            kept.append(markup[end : match.start()])
            end = match.end()
    kept.append(markup[end:])
    return "".join(kept)


def _enter(page: _Page, node: LexborNode) -> bool:
    """Write what comes before a node's children, or the whole of a node that has none; whether to go into them."""
    tag = node.tag
    if tag == "-text":
        said = node.text_content or ""
        if page.pre:
            _write_pre(page, said)
        else:
            _write(page, said)
        return False
    if tag in _SKIPPED or tag is None:
        return False
    if tag == "br":
        page.break_line()
        return False
    if tag == "hr":
        page.end_line()
        page.words.append(RULE)
        page.end_line()
        return False
    return _open(page, node, tag)


def _open(page: _Page, node: LexborNode, tag: str) -> bool:
    attributes = node.attributes
    style = attributes.get("style") or ""
    if style and _HIDDEN.search(style):
        return False
    if tag in {"td", "th"} and page.words:
        page.words.append("\t")
    if tag not in _BLOCKS or _fills_cell(node, tag):
        return True
    page.end_line()
    if tag in _SPACED and not _tight(attributes.get("class") or "", style):
        page.space()
    if style and _OUTLOOK_RULE.search(style):
        page.words.append(RULE)
        page.end_line()
    if _SIGNATURE.search(f"{attributes.get('class') or ''} {attributes.get('id') or ''}"):
        page.words.append("--")
        page.end_line()
    if tag == "blockquote" and "webkit-indent" not in (attributes.get("class") or ""):
        page.quotes += 1
    elif tag == "pre":
        page.pre += 1
    elif tag == "li":
        page.words.append("- ")
    return True


def _leave(page: _Page, node: LexborNode) -> None:
    tag = node.tag
    if tag == "a":
        _write_target(page, node)
    if tag not in _BLOCKS or _fills_cell(node, tag):
        return
    page.end_line()
    if tag == "blockquote" and "webkit-indent" not in (node.attributes.get("class") or ""):
        page.quotes = max(0, page.quotes - 1)
    elif tag == "pre":
        page.pre = max(0, page.pre - 1)
    if tag in _SPACED and not _tight(node.attributes.get("class") or "", node.attributes.get("style") or ""):
        page.space()


def _fills_cell(node: LexborNode, tag: str | None) -> bool:
    """Whether a paragraph is all that stands in a cell of a table: it is a part of its row, not a line of its own."""
    if tag not in {"p", "div"} or node.parent is None or node.parent.tag not in {"td", "th"}:
        return False
    if node.attributes.get("style") or node.attributes.get("id"):
        return False  # what clients mark by these is looked for elsewhere
    return _alone(node.prev, forwards=False) and _alone(node.next, forwards=True)


def _alone(beside: LexborNode | None, *, forwards: bool) -> bool:
    for _ in range(_FEW_SIBLINGS):
        if beside is None:
            return True
        if beside.tag not in {"-text", "-comment", "_comment"} or (
            beside.tag == "-text" and (beside.text_content or "").strip()
        ):
            return False
        beside = beside.next if forwards else beside.prev
    return False


def _tight(classes: str, style: str) -> bool:
    """Whether a paragraph has no space around it: Outlook writes every line as one."""
    return (
        "MsoNormal" in classes
        or "elementToProof" in classes
        or re.search(r"margin(-top|-bottom)?:\s*0", style) is not None
    )


def _write(page: _Page, said: str) -> None:
    if page.words or said.strip(" \t\r\n\f"):
        page.words.append(said.replace("\t", " "))


def _write_pre(page: _Page, said: str) -> None:
    first, *more = said.replace("\r\n", "\n").split("\n")
    page.words.append(first)
    for line in more:
        page.break_line()
        page.words.append(line)


def _write_target(page: _Page, node: LexborNode) -> None:
    """The address behind a name that is a link, as ``Name <address>``."""
    target = node.attributes.get("href") or ""
    if target.lower().startswith("mailto:"):
        email = target[7:].split("?")[0].strip()
        shown = node.text() or ""
        if email and "@" in email and "@" not in shown and shown.strip():
            page.words.append(f" <{email}>")
