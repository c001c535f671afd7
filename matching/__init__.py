"""The matching engine: profiles in, scores, reasons and timetables out. No web, no database."""
