"""The entry point of ``cds-service``: finds the command, runs it, turns every error into one line.

Exit codes: 0 done, 1 the other side answered an error or no valid answer, 2 wrong usage or nobody answers.
"""

import sys
from collections.abc import Sequence
from importlib import import_module
from io import TextIOWrapper
from typing import cast

import click

from cds_service.ehr.problems import EhrError
from cds_service.errors import CdsError

COMMANDS = {
    "serve": "Run the service (sandbox mode, on this machine only, unless told otherwise).",
    "fire": "Act as an EHR: call any CDS Hooks service about a patient, print the cards.",
    "conform": "Play an EHR against any CDS Hooks service, tell what it keeps of the contract.",
    "validate": "Find what is wrong with a CDS Hooks payload, anybody's: where, by which requirement, how to mend it.",
    "load": "Put the patient stories on a FHIR R4 server, dates moved to now.",
    "timeline": "Draw a patient's neutrophil counts and treatment over time (SVG, PNG, HTML).",
    "causality": "Propose causality scores for each low run of neutrophils of a patient.",
    "evidence": "Print what is unverified or past its review date.",
    "check-cards": "Check the content files: each fault with its file, line and fix.",
    "preview": "Show one card as a clinician sees it, with example facts.",
    "export": "Write what the service knows: decision table, FHIR value sets, source attributes.",
    "feedback": "Sum up what clinicians did with the cards, by advice code.",
    "replay": "Tell from past charts (a FHIR Bulk Data export) what the service would have advised, and how often.",
    "clients": "Check the file of the EHRs that may call (CDS_CLIENTS).",
    "switch": "Silence or switch off everything, a service or one kind of advice, without a restart.",
    "token": "Sign a test token as a client would, or make a key for it.",
    "audit": "What was said about a hook call, a card or a patient, and why; and how to forget it.",
    "database": "Bring the database that records are kept in up to date.",
    "ready": "Ask a running service whether it takes calls, or wait until it does.",
    "demo": "Start a FHIR server and the service, load the stories, print the cards, end it all.",
}


class LazyCommands(click.Group):
    """Imports a command's module only when it runs, so that ``--help`` and errors answer at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        name = cmd_name.replace("-", "_")
        return cast(click.Command, getattr(import_module(f"cds_service.cli.{name}"), name))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyCommands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="anakinra-cds", prog_name="cds-service")
@click.pass_context
def cli(context: click.Context) -> None:
    """Advice about neutropenia on anakinra, as a CDS Hooks service and as an EHR that calls one."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


def main() -> None:
    """Runs the command line and exits with its code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # What a terminal or a redirected Windows console cannot show is written out: "10\u2079/L".
            stream.reconfigure(errors="backslashreplace")
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Runs one command; answers its exit code, never raises, prints errors on stderr in one line each."""
    try:
        return int(cli.main(args=list(arguments), prog_name="cds-service", standalone_mode=False) or 0)
    except click.UsageError as wrong:
        where = wrong.ctx.command_path if wrong.ctx else "cds-service"
        return _say(f"{wrong.format_message().rstrip('. ')}. See: {where} --help", 2)
    except click.ClickException as problem:
        return _say(problem.format_message(), problem.exit_code)
    except EhrError as problem:
        return _say(str(problem), problem.exit_code)
    except CdsError as problem:
        return _say(str(problem), 2)
    except OSError as fault:
        name = fault.filename or "the output"
        return _say(f"{name} cannot be read or written: {fault.strerror or type(fault).__name__}.", 2)
    except (KeyboardInterrupt, click.Abort):
        return _say("Stopped.", 1)
    except Exception as fault:  # noqa: BLE001  a user of the command line never sees a traceback
        return _say(f"Unexpected fault ({type(fault).__name__}: {fault}). Please report it.", 1)


def _say(message: str, code: int) -> int:
    click.echo("Error: " + " ".join(message.split()), err=True)
    return code
