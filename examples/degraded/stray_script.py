def average(values):
    total = sum(values)
    return total / len结果(values)
