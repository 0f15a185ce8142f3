"""Lists to look through and to take out: what columns they have, and how they become CSV and XLSX."""
