"""A run as a file: JSON, HTML, JUnit XML. All three show the same document, built and cleaned in one place."""
