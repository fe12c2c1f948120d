"""Bodies that cannot be read, by name: what to change in a good one, or what to send in its place."""

CANARY = "Canary-Zx9-Patient"

# What replaces or joins the members of a good body. Each holds the canary where a patient's value could stand.
MEMBERS = {
    "hook is a number": {"hook": 5},
    "hook is null": {"hook": None},
    "hook is empty": {"hook": ""},
    "hook is another one": {"hook": CANARY},
    "hookInstance is empty": {"hookInstance": " "},
    "hookInstance is null": {"hookInstance": None},
    "hookInstance is a list": {"hookInstance": [CANARY]},
    "context is null": {"context": None},
    "context is a list": {"context": [CANARY]},
    "context is a string": {"context": CANARY},
    "context is empty": {"context": {}},
    "prefetch is a list": {"prefetch": [CANARY]},
    "prefetch is a string": {"prefetch": CANARY},
    "prefetch is a number": {"prefetch": 1},
    "fhirServer is a number": {"fhirServer": 1},
    "fhirServer is an object": {"fhirServer": {"url": CANARY}},
    "fhirAuthorization is a string": {"fhirServer": "https://ehr.example.org", "fhirAuthorization": CANARY},
    "fhirAuthorization without fhirServer": {"fhirAuthorization": {"access_token": CANARY}},
    "fhirAuthorization with an empty fhirServer": {"fhirServer": "", "fhirAuthorization": {"access_token": CANARY}},
    "access_token is missing": {"fhirServer": "https://ehr.example.org", "fhirAuthorization": {"scope": CANARY}},
    "access_token is a number": {"fhirServer": "https://ehr.example.org", "fhirAuthorization": {"access_token": 1}},
    "access_token holds a header": {
        "fhirServer": "https://ehr.example.org",
        "fhirAuthorization": {"access_token": f"a\r\nX: {CANARY}"},
    },
}

CONTEXT = {
    "userId is null": {"userId": None},
    "userId is empty": {"userId": ""},
    "userId is a number": {"userId": 7},
    "patientId is null": {"patientId": None},
    "patientId is empty": {"patientId": ""},
    "patientId is blank": {"patientId": "  "},
    "patientId is a type alone": {"patientId": "Patient/"},
    "patientId is a number": {"patientId": 7},
    "patientId is an object": {"patientId": {"id": CANARY}},
    "patientId holds white space": {"patientId": f"{CANARY} x"},
    "patientId holds a line break": {"patientId": f"{CANARY}\nx"},
    "patientId holds a query": {"patientId": f"{CANARY}?_count=1"},
    "patientId holds a parameter": {"patientId": f"{CANARY}&code=1"},
    "patientId holds a fragment": {"patientId": f"{CANARY}#x"},
    "patientId holds a path": {"patientId": f"{CANARY}/x"},
    "patientId climbs": {"patientId": ".."},
    "patientId is two patients": {"patientId": f"{CANARY},other"},
    "patientId is percent-encoded": {"patientId": f"{CANARY}%2C"},
    "patientId is not ASCII": {"patientId": f"{CANARY}\u202e"},
    "patientId holds NUL": {"patientId": f"{CANARY}\0"},
    "patientId is too long": {"patientId": CANARY * 20},
}

DRAFTS = {
    "draftOrders is null": {"draftOrders": None},
    "draftOrders is a list": {"draftOrders": [CANARY]},
    "draftOrders is a string": {"draftOrders": CANARY},
    "draftOrders is another resource": {"draftOrders": {"resourceType": "Patient", "id": CANARY}},
    "draftOrders has no resourceType": {"draftOrders": {"entry": []}},
    "draftOrders has an entry that is no list": {"draftOrders": {"resourceType": "Bundle", "entry": CANARY}},
    "draftOrders is DSTU2": {
        "draftOrders": {"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "MedicationOrder"}}]}
    },
}

SELECTIONS = {
    "selections is null": {"selections": None},
    "selections is a string": {"selections": CANARY},
    "selections is an object": {"selections": {"id": CANARY}},
    "selections holds numbers": {"selections": [1]},
}

# Bodies as bytes: GOOD stands for a good body without its closing brace, to which something is added.
TEXTS = {
    "nothing": b"",
    "white space": b"  \n",
    "a word": CANARY.encode(),
    "a string": b'"%b"' % CANARY.encode(),
    "a number": b"1",
    "null": b"null",
    "a list": b"[]",
    "no closing brace": b"GOOD",
    "two objects": b"GOOD}{}",
    "a trailing comma": b"GOOD,}",
    "single quotes": b"{'hook': 'patient-view'}",
    "NaN": b'GOOD,"prefetch":{"labs":{"value":NaN}}}',
    "Infinity": b'GOOD,"prefetch":{"labs":{"value":-Infinity}}}',
    "NaN in an unknown field": b'GOOD,"x":NaN}',
    "a number with a leading zero": b'GOOD,"prefetch":{"labs":01}}',
    "NUL in a text": b'GOOD,"x":"\0"}',
    "a bare line break in a text": b'GOOD,"x":"\n"}',
    "an unknown escape": b'GOOD,"x":"\\x41"}',
    "a lone surrogate in a raw value": b'GOOD,"prefetch":{"labs":"\\ud800"}}',
    "a lone low surrogate": b'GOOD,"x":"\\udc00"}',
    "Latin-1 in a raw value": b'GOOD,"prefetch":{"labs":"\xe9"}}',
    "Latin-1 in a name": b'GOOD,"\xe9":1}',
    "an overlong encoding": b'GOOD,"x":"\xc0\xaf"}',
    "UTF-16": "{}".encode("utf-16"),
    "gzip": b"\x1f\x8b\x08\x00\x00",
    "XML": b"<Bundle/>",
    "a form": b"hook=patient-view",
    "deep lists in prefetch": b'GOOD,"prefetch":{"labs":' + b"[" * 50_000 + b"]" * 50_000 + b"}}",
    "deep objects in an unknown field": b'GOOD,"x":' + b'{"a":' * 50_000 + b"1" + b"}" * 50_001,
    "deep and open": b"[" * 100_000,
    "a prefetch key twice": b'GOOD,"prefetch":{"labs":{},"labs":null}}',
    "a prefetch key twice, once escaped": b'GOOD,"prefetch":{"labs":{},"l\\u0061bs":null}}',
    "prefetch twice": b'GOOD,"prefetch":{"neutrophils":{"resourceType":"Bundle"}},"prefetch":{}}',
    "context twice": b'GOOD,"context":{}}',
}
