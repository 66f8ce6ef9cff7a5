"""Pure text: full-width and variant normalising, tokens, near-duplicates, GB18030. No framework, no clock, no I/O."""
