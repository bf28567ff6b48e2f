"""The smallest text that still brings a finding, without anybody's names: what a report of a false alarm needs."""
