"""Mail: the letters that wait, how they are made, and how they leave."""
