"""Language models behind one Protocol: local, remote, scripted."""
