import pytest

from mail_ingest.lines import joined, split_lines
from mail_ingest.signatures import split_signature
from parsing.model import Address

NOOR = Address(email="noor.vermeulen@tegelhof.example", name="Noor Vermeulen")


def own_words(text, *, conversation=False):
    return joined(split_signature(split_lines(text), NOOR, conversation=conversation)[0])


@pytest.mark.parametrize(
    "signature",
    [
        "Met vriendelijke groet,\n\nNoor Vermeulen\nTegelhof", "Groetjes Noor", "gr,\nNoor", "Noor", "N.", "Bedankt alvast!\nNoor",
        "Mvg,\nNV", "Met vriendelijke groeten / Best regards,\n\nNoor", "Mit freundlichen Grüßen\ni. A. Noor Vermeulen", "VG\nNoor",
        "Viele Grüße aus Kiel\nNoor", "Freundliche Grüsse\nNoor", "Servus\nNoor", "T. Noor", "Yst.terv.\nNoor", "terkuin, Noor",
        "Kiitos!\nNoor", "Cheers, Noor", "Best,\nN", "Kind regards\nNoor\n020 7946 0000",
        "-- \nwat dan ook", "Verstuurd vanaf mijn iPhone", "Verzonden via Outlook voor Android", "Mobiel verzonden",
        "Von meinem iPad gesendet", "Gesendet mit der Kalender-App für Android", "Lähetetty iPhonesta",
        "Lähetetty Samsung Galaxy -älypuhelimesta.", "Get Outlook for iOS<https://aka.example/x>", "Sent from my phone, excuse typos",
        "Noor Vermeulen | Tegelhof\nM +31 6 12345678 | www.tegelhof.example", "[signature_12]",
        "Dit bericht kan vertrouwelijke informatie bevatten.", "Groet,\nNoor\n\nThis email and any attachments are confidential.",
    ],
)  # fmt: skip
def test_what_stands_below_is_no_word_of_the_note(signature):
    assert "Goed gesprek bij Ilse." == own_words(f"Goed gesprek bij Ilse.\n\n{signature}\n")


@pytest.mark.parametrize(
    "text",
    [
        "Goed gesprek. Bedankt voor de hulp met de demo.", "Gesprek met Ilse.\nGroet van Daan terug gehad.",
        "Grüße von Selin soll ich ausrichten, Termin am Freitag.", "Lähetetty tarjous Onnille sähköpostilla.\nSoitan ma.",
        "Thanks to Gus we got in early.\nHe was Best in class.", "Sent the brochure by mail from the office.",
        "Verstuurd: offerte 12, via post.", "Danke für den Kontakt, war Gold wert.", "Contact: Gus, 020 7946 0000",
    ],
)  # fmt: skip
def test_words_that_look_like_a_sign_off_stay(text):
    assert text == own_words(text)


def test_an_answer_keeps_its_thanks_but_not_the_senders_name():
    assert "Ja hoor.\n\nBedankt,\nPiet" == own_words("Ja hoor.\n\nBedankt,\nPiet", conversation=True)
    assert "Ja hoor." == own_words("Ja hoor.\n\nBedankt,\nNoor", conversation=True)


def test_a_gateways_warning_is_not_the_senders():
    assert "Goed gesprek." == own_words(
        "CAUTION: This email originated from outside of the organisation.\n\nGoed gesprek."
    )
