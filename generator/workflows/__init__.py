"""One module per use case: read -> plan -> render -> write. The only place that joins the adapters.

Nothing here prints and nothing reads the wall clock: a date is always the plan's own or an argument.
"""
