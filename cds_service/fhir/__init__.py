"""FHIR R4: what the service reads of it, and where it gets it from.

``resources`` and ``read`` turn what an EHR sent into the facts of ``clinical.record``; ``client`` and ``gather``
fetch what is missing. Only ``client`` opens a socket.
"""
