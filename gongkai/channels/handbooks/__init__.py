"""便民手册: what stands in one, its pages, which edition may be had, and which printed copies are out of date."""
