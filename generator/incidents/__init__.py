"""Incidents: running clocks, decisions, corrective actions. Pure; files are the work of generator.sources."""
