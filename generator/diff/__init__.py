"""Comparing plans by meaning, marking changes of text, merging hand edits. Pure: reads and writes nothing."""
