"""Question to cited answer to Discord, and the command line. Knows the index by its front door only."""
