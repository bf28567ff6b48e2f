"""Speed and detection quality, measured beside the peers."""
