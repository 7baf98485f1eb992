"""The head's part of each command: it hands over the sites, and tells as one what came of them."""
