"""Officers' side of requests about personal data, and the register of processing."""
