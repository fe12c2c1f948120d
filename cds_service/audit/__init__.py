"""What was said about each hook call, and why: kept without names and without values of the chart."""
