"""The audit trail: every fact as a sentence, with the marks it bears, and the questions it gives rise to."""
