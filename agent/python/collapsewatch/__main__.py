"""``python -m collapsewatch``."""

import sys

from ._launch._command import main

sys.exit(main(sys.argv[1:]))
