"""Tables of what is known of providers and models, each row with its source and the day it was read."""
