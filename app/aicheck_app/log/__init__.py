"""The local log: append-only, tamper-evident, safe under many writers. Only this package knows SQLite."""
