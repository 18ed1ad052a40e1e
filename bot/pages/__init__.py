"""Articles as pages that the bot serves itself: read-only, without a script, for articles that have no address."""
