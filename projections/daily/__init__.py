"""The clock: once a day it looks at every partnership, and notes what has changed since the day before."""
