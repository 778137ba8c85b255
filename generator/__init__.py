"""airplan: AI incident response plans from a profile and a dated law book."""

__version__ = "0.1.0"
