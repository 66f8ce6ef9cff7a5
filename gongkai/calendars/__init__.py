"""Yearly working-day tables from the State Council's notices; what `law` reads as a `WorkCalendar`."""
