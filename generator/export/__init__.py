"""Plans and deadlines in other programs' formats."""
