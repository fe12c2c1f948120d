"""Where the shipped files are, and the checkout that they are shipped with."""

from pathlib import Path

import cds_service

CHECKOUT = Path(cds_service.__file__).parent.parent
DEPLOY = CHECKOUT / "deploy"
