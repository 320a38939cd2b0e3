"""What is said to whom by mail: the weekly letter, reminders, and what is told at once. Pure but for its questions."""
