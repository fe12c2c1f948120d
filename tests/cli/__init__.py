"""The command line, against stub servers on loopback and, for starting and ending servers, real processes."""
