"""What a coordinator oversees: caseloads, supervision, cascade, tracking, follow-up, cost."""
