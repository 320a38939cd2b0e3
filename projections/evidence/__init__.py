"""The facts of one scope, read from the log as they were known, as the records that the measures look at."""
