"""A mail that somebody pasted into a chat: its header block tells the rep's own words from the customer's."""

from dataclasses import replace

from mail_ingest.reading import read_mail
from parsing.model import Message

LONGEST = 40_000
HEAD = b"MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"


def unpasted(message: Message) -> Message:
    """The message with what was pasted apart; the same where it is a mail already, or holds none."""
    if message.via == "email" or message.forwarded is not None or "\n" not in message.text:
        return message
    reading = read_mail(HEAD + message.text[:LONGEST].encode("utf-8", "replace"))
    told = reading.message(message.rep, message.sent_at)
    head = told.forwarded
    if head is None or head.sender is None or not (head.sender.email or head.date) or not head.body.strip():
        return message
    return replace(message, text=told.text, subject=told.subject, forwarded=told.forwarded)
