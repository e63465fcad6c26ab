"""One turn: understood, given its evidence, asked, cited."""
