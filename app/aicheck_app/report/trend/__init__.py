"""KPIs over time: one file a format of ``aicheck trend``."""
