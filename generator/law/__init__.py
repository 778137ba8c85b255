"""Which law applies: the version in force on a day, who is bound, and why. Pure."""
