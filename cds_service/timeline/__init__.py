"""The neutrophil timeline of one patient: counts, thresholds, exposures, episodes and holds, drawn as SVG."""
