"""The table of commands, with their one-line helps.

A command's module is imported when the command runs, so that `--version`, `--help` and the completion of a command's
name load click alone.
"""

from importlib import import_module

import click
from click.shell_completion import add_completion_class

from mdmentor import __version__
from mdmentor.cli.options import QuotingBashComplete, vault_option

# title: name: (module, help in a line); in the order of the help. A command is the function of its
# name, with a "_" behind one that Python has too.
GROUPS: dict[str, dict[str, tuple[str, str]]] = {
    "Begin": {
        "demo": ("start", "Make a sample vault and show whom to reach out to in it."),
        "init": ("start", "Make a vault, or add settings to a folder of notes."),
    },
    "Every day": {
        "next": ("next", "Whom to reach out to next, why, and with what."),
        "why": ("people", "Why somebody is suggested, or why not."),
        "show": ("people", "One person's card."),
        "contacts": ("people", "Everybody, with the last contact and the day they are due."),
        "mentors": ("people", "Who is at which step, and what comes next."),
        "promises": ("people", "What is promised and owed, both ways."),
        "dates": ("people", "Birthdays and plans of the next 60 days."),
    },
    "Change your notes": {
        "log": ("edit", "Log a conversation."),
        "new": ("edit", "Make a contact, a post or a goal."),
        "snooze": ("edit", "Hide somebody until a date."),
        "set": ("edit", "Set one key of a note's front matter."),
        "done": ("edit", "Tick a promise."),
        "triage": ("ask", "Say how often, for people without a cadence or tier."),
        "rename": ("edit", "Rename a note or folder, with every link to it."),
        "undo": ("edit", "Undo the last edit."),
        "inbox": ("ask", "File the lines of your inbox."),
    },
    "One person twice": {
        "duplicates": ("duplicates", "Pairs of notes that may be about one person."),
        "merge": ("duplicates", "Make one note of two about one person."),
        "distinct": ("duplicates", "Say that two notes are about different people."),
    },
    "Other programs": {
        "import": ("doors", "Bring in people from other programs."),
        "export": ("doors", "Write people as vCards, CSV, JSON, or a calendar."),
    },
    "The notes": {
        "links": ("vault", "The links of a note, or of all."),
        "backlinks": ("vault", "Where a note is linked from."),
        "related": ("vault", "People and posts related to a note, and why."),
        "search": ("vault", "Notes that contain some words."),
        "topics": ("vault", "Topics with their people and posts."),
    },
    "The index and its pages": {
        "reindex": ("vault", "Bring index and pages up to date."),
        "watch": ("vault", "Keep them up to date until stopped."),
        "check": ("vault", "All problems in the notes, and how to fix them."),
        "status": ("vault", "What was found, by which rule, and what was skipped."),
        "completion": ("vault", "How to set up completion in your shell."),
        "lsp": ("vault", "A language server for your editor."),
    },
    "A vault in git": {
        "git": ("git", "Merge driver and hooks for a vault in git."),
        "merge-driver": ("git", "The merge driver that git calls for notes."),
    },
}
COMMANDS = {name: entry for group in GROUPS.values() for name, entry in group.items()}

add_completion_class(QuotingBashComplete, "bash")


class Program(click.Group):
    """The group of all commands; each is loaded when it runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, short = COMMANDS[cmd_name]
        known, function = vars(import_module(f"mdmentor.cli.{module}")), cmd_name.replace("-", "_")
        command: click.Command = known.get(f"{function}_") or known[function]
        command.short_help = short
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with the nearest command in the message for a mistyped one."""
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS, n=1)
            hint = f'; did you mean "{near[0]}"?' if near else "; see them all with: mdmentor --help"
            raise click.UsageError(f'no command is called "{args[0]}"{hint}', ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for title, group in GROUPS.items():
            with formatter.section(title):
                formatter.write_dl([(name, short) for name, (_, short) in group.items()], col_max=14)


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"]}, no_args_is_help=True)
@click.version_option(__version__, "--version", message="mdmentor %(version)s")
@vault_option
@click.pass_context
def program(ctx: click.Context, vault: str | None) -> None:
    """Keep in touch with the people who carry your career, from your own Markdown notes.

    mdmentor reads your vault and says whom to reach out to next, why, and with what. It never sends
    anything, and it changes a note only when you ask it to.

    \b
      mdmentor demo            try it on a sample vault
      mdmentor reindex         read your vault and write its pages
      mdmentor next            whom to reach out to today
    """
    if vault is not None and ctx.invoked_subcommand in ("demo", "init"):
        command = ctx.invoked_subcommand
        raise click.UsageError(f"{command} takes no --vault; write: mdmentor {command} {vault}", ctx)
