"""The proposed causality of one patient's low neutrophils, as JSON and as text for a reviewer."""
