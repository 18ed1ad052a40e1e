"""Articles in, a searchable index out. This is the index's front door: the bot imports nothing behind it."""
