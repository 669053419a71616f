"""Pictures of the demo conversation in the real window: to be looked at, not compared."""
