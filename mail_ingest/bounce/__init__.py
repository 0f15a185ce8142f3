"""How a mail system, a provider or an absent person answers: one file for each way of saying it."""
