"""How the ledger's tables came to be what they are; one script a step, never changed once it has been released."""
