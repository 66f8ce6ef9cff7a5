"""Steps and opinions bound to a digest: who may, in which order, n of m, return."""
