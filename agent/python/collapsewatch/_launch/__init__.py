"""Watching scripts that know nothing of it: ``python -m collapsewatch run`` and ``attach``."""
