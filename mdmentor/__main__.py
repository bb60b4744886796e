"""`python -m mdmentor`."""

import sys

from mdmentor.cli import main

sys.exit(main())
