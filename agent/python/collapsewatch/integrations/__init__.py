"""Callbacks for training libraries, one module each; a library is loaded only by its own."""
