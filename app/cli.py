"""The command line: which commands there are (app/commands/ has what they do)."""

import sys

import typer

from app.commands import care, company, goals, leaving, mailing, persons, processes, programs, understanding

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Field reps tell what happened at a customer; Debrief files the visit and answers with a card.",
)
mail = typer.Typer(no_args_is_help=True, help="Read mails without filing anything.")
shelf = typer.Typer(no_args_is_help=True, help="Work that gave up, for a person to look at.")
learned = typer.Typer(no_args_is_help=True, help="What corrections taught.")
person = typer.Typer(no_args_is_help=True, help="A contact's data: all of it in a file, or all of it gone.")
held = typer.Typer(no_args_is_help=True, help="Mails that are kept and not filed, and letting them through.")
targets = typer.Typer(no_args_is_help=True, help="Targets, visits that are due, days off (docs/targets.md).")
mailings = typer.Typer(invoke_without_command=True)
token = typer.Typer(no_args_is_help=True, help="What other programs come in by (docs/api.md).")

for process in (processes.run, processes.serve, processes.worker, processes.ingest, processes.migrate):
    app.command()(process)
app.command("import")(company.import_)
app.command()(understanding.parse)
app.command()(understanding.replay)
app.command()(company.target)
app.command()(company.digest)
app.add_typer(targets, name="targets")
targets.command("list")(goals.list_)
targets.command("set")(goals.set_)
targets.command()(goals.end)
targets.command()(goals.sign)
targets.command()(goals.interval)
targets.command()(goals.due)
targets.command()(goals.off)
app.command()(leaving.handover)
app.add_typer(mailings, name="mailing")
mailings.callback()(mailing.mailing)
mailings.command()(mailing.sendings)
app.command()(care.doctor)
app.command()(care.manifest)
app.command()(care.adopt)
app.command()(care.settings)
app.command()(care.backup)
app.command()(care.restore)
app.add_typer(mail, name="mail")
mail.command()(understanding.read)
mail.command()(understanding.bounce)
app.add_typer(shelf, name="shelf")
shelf.command("list")(care.list_shelf)
shelf.command()(care.replay)
app.add_typer(learned, name="learned")
learned.command("list")(care.list_learned)
learned.command()(care.forget)
app.add_typer(person, name="person")
person.command()(persons.export)
person.command()(persons.erase)
app.add_typer(held, name="held")
held.command("list")(care.list_held)
held.command()(care.release)
app.add_typer(token, name="token")
token.command()(programs.create)
token.command("list")(programs.list_)
token.command()(programs.revoke)


def main() -> None:
    """Run the command; what an operator can mend is one line, not a traceback."""
    try:
        app()
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
