"""One piece of support as a chain: what it arose from, who said what when, what was given, and what came of it."""
