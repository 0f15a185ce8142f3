"""The commands of `debrief`, a file for each group of them: a few lines a command over the wiring."""
