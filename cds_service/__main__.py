"""``python -m cds_service`` is the command line ``cds-service``."""

from cds_service.cli.main import main

main()
