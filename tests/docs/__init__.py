"""The pages: what they show, what they name, the site that is made of them."""
