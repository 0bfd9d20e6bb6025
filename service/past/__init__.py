"""What was shown at a time: the log folded up to then, and whether later words changed what holds for it."""
