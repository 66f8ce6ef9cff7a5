"""One file per group of public pages. Each reads `queries`, renders, and writes nothing."""
