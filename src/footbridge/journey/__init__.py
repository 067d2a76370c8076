"""A person's path through the programme, one room per step."""
