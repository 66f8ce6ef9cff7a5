"""What is released, carried to every channel; what lapses, taken back from every channel; what is unclear, told."""
