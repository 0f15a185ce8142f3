"""What the mail doors and the courier need, out of the settings."""

from app.settings import Login, Settings
from app.settings import Mailbox as MailboxSettings
from mail_ingest.courier import SmtpServer
from mail_ingest.mailbox import Mailbox
from mail_ingest.senders import SenderRules
from mail_ingest.tokens import OAuth, Tokens, by_command, by_http


def mailboxes(settings: Settings) -> list[tuple[Mailbox, SenderRules]]:
    """Every mailbox that is set up, the one without a name first, and what makes a sender believed there."""
    named = {"": settings.mailbox, **settings.mailboxes}
    return [
        (
            Mailbox(
                box.host, box.username, box.password.get_secret_value(), box.port, box.tls, box.folder,
                box.done_folder, box.poll_s, box.max_size_bytes, tokens(box), name,
            ),
            sender_rules(box),
        )
        for name, box in named.items()
        if box.host
    ]  # fmt: skip


def sender_rules(box: MailboxSettings) -> SenderRules:
    """What a mail must show for its sender to be believed."""
    domains = (part.strip().strip("@").lower() for part in box.trusted_domains.replace(";", ",").split(","))
    return SenderRules(box.authserv_id, frozenset(domain for domain in domains if domain), box.require_proof)


def smtp_server(settings: Settings) -> SmtpServer | None:
    """The server that answers go out by; None where there is none."""
    smtp = settings.smtp
    if smtp.host is None:
        return None
    return SmtpServer(
        smtp.host, smtp.sender, smtp.port, smtp.tls, smtp.username, smtp.password.get_secret_value(), tokens(smtp)
    )


def tokens(login: Login) -> Tokens | None:
    """Where the tokens of a login come from; None where it is by password."""
    if login.token_command:
        return Tokens(by_command(login.token_command))
    if login.oauth_token_url:
        oauth = OAuth(
            token_url=login.oauth_token_url,
            client_id=login.oauth_client_id,
            client_secret=login.oauth_client_secret.get_secret_value(),
            refresh_token=login.oauth_refresh_token.get_secret_value(),
            scope=login.oauth_scope,
        )
        return Tokens(by_http(oauth))
    return None
