"""What can go wrong on the command line: one line that says what to do, and the exit code."""

import click


class WrongAnswer(click.ClickException):
    """The service or the FHIR server was reached and answered an error, or something that is no valid answer."""

    exit_code = 1


class CannotStart(click.ClickException):
    """The command cannot be carried out as given: an unusable argument, or nobody answers at the address."""

    exit_code = 2
