"""Profile + law + catalogue + a day -> the plan. Pure."""
