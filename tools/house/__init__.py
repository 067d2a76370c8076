"""The rules of the house about its own code, as functions that return complaints."""
