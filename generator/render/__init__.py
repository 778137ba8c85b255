"""The plan out: Markdown, HTML and PDF."""
