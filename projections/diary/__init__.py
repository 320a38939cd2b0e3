"""The days ahead that a calendar shows: reviews, last days for notice, points that open, offers that run out."""
