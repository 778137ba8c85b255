"""The evidence pack for an auditor: signing it and checking signatures."""
