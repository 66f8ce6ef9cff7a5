"""The yearly notices as shipped: one CSV a year (`date,kind,name`), its sources in the head."""
