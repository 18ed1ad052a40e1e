"""Discord events in, messages out: one file a feature, no logic of answering."""
