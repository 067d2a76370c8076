"""The order of a month in words, shared by the kernel's documentation and the ODD protocol."""

ORDER_OF_A_MONTH = (
    "Before anybody moves, the month's facts are fixed: parameters, levers, and how full clinics,",
    "private beds and centres were at the end of last month. Then, for each living person:",
    "",
    "1. registration ends where it has run out (only if a lever says so)",
    "2. death other than by overdose",
    "3. overdose, fatal or not",
    "4. HIV",
    "5. what the place brings: release from a centre; the end of a private week; in methadone",
    "   urine, police, leaving; in the community the end of an order, a link after release, and",
    "   then for a user first injection, detection and sanction, seeking methadone, a private",
    "   week, an unaided quit (the first that happens ends the month), for others return to use",
    "",
    "At the end of a month people are counted by axes; at the end of a quarter the register is.",
)
