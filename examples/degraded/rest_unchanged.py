class Cart:
    def __init__(self):
        self.items = []

    def add(self, item, amount=1):
        self.items.append((item, amount))

    def total(self):
        # ... rest of the method remains unchanged ...
