"""What is true, and the rules by which a claim becomes a fact: pure, no input or output."""
