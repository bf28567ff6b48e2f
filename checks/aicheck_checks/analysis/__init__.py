"""What reads a text and is no rule: rules ask it, and it asks no rule."""
