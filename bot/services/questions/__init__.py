"""What `bot check` asks: one file for each kind of question, each from Asked to Findings."""
