"""What the service would have advised: past charts out of a FHIR Bulk Data export, one hook call for each moment.

The answers come from ``hook_call.answer`` itself; here is only what stands in for the EHR and for the clock.
https://hl7.org/fhir/uv/bulkdata/export.html
"""
