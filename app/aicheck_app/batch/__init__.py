"""Bulk checking: texts or whole sessions in, records and what rates are made of out, on one machine or a cluster."""
