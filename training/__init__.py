"""What the model for new names is trained with: not part of the product, run by ``make model``."""
