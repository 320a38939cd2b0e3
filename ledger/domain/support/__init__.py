"""One piece of support between one giver and one receiver, from the offer to the outcome."""
