"""The workbench: a page that plays the EHR against any CDS Hooks service, for integration engineers. Sandbox only."""
