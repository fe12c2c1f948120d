"""Was it the drug, and what happened last time? Proposed inputs for a reviewer, never a verdict.

For each low run of neutrophils: what the record shows of it (``courses``), what stopping and giving anakinra again
showed (``challenge``), what else could have caused it (``causes``), and what two published methods make of that
(``french``, the method of source S1, and ``naranjo``). ``propose`` puts it together.
Source: clinical specification 0.3, section 9.
"""
