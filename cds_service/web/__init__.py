"""HTTP in and out: routes, one error handler, CORS, one log line a call. Nothing here knows medicine or FHIR."""
