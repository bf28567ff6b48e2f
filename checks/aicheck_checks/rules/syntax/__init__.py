"""Text that the language's parser refuses."""
