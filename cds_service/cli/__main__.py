"""``python -m cds_service.cli`` is ``cds-service``."""

from cds_service.cli.main import main

main()
