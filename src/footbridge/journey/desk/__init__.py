"""The pages that bring every room together: Today, one person, the kiosk."""
