"""The workbench, a web page for integration engineers. Sandbox mode only: it fetches from whatever server is named."""
