"""What a project says of how it is worked on, as far as it can be checked: rules that are counted in each session."""
