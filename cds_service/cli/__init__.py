"""The command line ``cds-service``: run the service, act as an EHR against any service, load stories, show a demo."""
