"""Our own line drawings: a 24 by 24 grid, one stroke, the colour of the words beside them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

DRAWINGS: Mapping[str, str] = MappingProxyType(
    {
        "today": '<path d="M4 6h16v14H4zM4 10h16M8 3v5M16 3v5M8.5 15l2.5 2.5 4.5-4.5"/>',
        "people": '<circle cx="9" cy="8" r="3.5"/><path d="M2.5 20c0-4 3-6 6.5-6s6.5 2 6.5 6'
        'M15.5 4.8a3.5 3.5 0 0 1 0 6.4M17.5 14.3c2.4.7 4 2.6 4 5.7"/>',
        "person": '<circle cx="12" cy="8" r="4"/><path d="M4.5 20.5c0-4.5 3.5-6.5 7.5-6.5s7.5 2 '
        '7.5 6.5"/>',
        "directory": '<path d="M5 4h13a1 1 0 0 1 1 1v16H6.5A1.5 1.5 0 0 1 5 19.5zM5 19.5A1.5 1.5 '
        '0 0 1 6.5 18H19M9 8h6M9 12h6"/>',
        "more": '<circle cx="5" cy="12" r="1.2"/><circle cx="12" cy="12" r="1.2"/>'
        '<circle cx="19" cy="12" r="1.2"/>',
        "sealed": '<path d="M5 11h14v10H5zM8 11V7.5a4 4 0 0 1 8 0V11M12 15v2.5"/>',
        "open": '<path d="M5 11h14v10H5zM8 11V7.5a4 4 0 0 1 7.7-1.5M12 15v2.5"/>',
        "leave": '<path d="M13 4H5v16h8M10 12h11M17 7.5l4.5 4.5-4.5 4.5"/>',
        "out": '<path d="M12 3v9M7 5.7a8 8 0 1 0 10 0"/>',
        "language": '<path d="M2.5 19 7.5 6l5 13M4.4 14.5h6.2M13 9h9M17.5 6v3M20.5 9c-.8 4.2-3.4 '
        '7.6-7 9.5M15.5 12.5c1.3 2.6 3.2 4.6 6 6"/>',
        "check": '<path d="M4 12.5 9.5 18 20 6.5"/>',
        "done": '<circle cx="12" cy="12" r="9"/><path d="m7.5 12.3 3.2 3.2 5.8-6.5"/>',
        "todo": '<circle cx="12" cy="12" r="9"/>',
        "waiting": '<path d="M6 3h12M6 21h12M7.5 3c0 5 4.5 6 4.5 9s-4.5 4-4.5 9'
        'M16.5 3c0 5-4.5 6-4.5 9s4.5 4 4.5 9"/>',
        "clock": '<circle cx="12" cy="12" r="9"/><path d="M12 7v5.5l3.5 2"/>',
        "late": '<circle cx="12" cy="12" r="9"/><path d="M12 6.5v7M12 17v.3"/>',
        "caution": '<path d="M12 3.5 22 20.5H2zM12 10v5M12 17.7v.3"/>',
        "danger": '<path d="M8 2.5h8l5.5 5.5v8L16 21.5H8L2.5 16V8zM12 7v6M12 16.5v.3"/>',
        "info": '<circle cx="12" cy="12" r="9"/><path d="M12 11v6M12 7.2v.3"/>',
        "question": '<circle cx="12" cy="12" r="9"/><path d="M9.3 9.5a2.7 2.7 0 1 1 4 2.4'
        'c-.9.5-1.3 1-1.3 2.1M12 17v.3"/>',
        "no": '<circle cx="12" cy="12" r="9"/><path d="m6 6 12 12"/>',
        "cross": '<path d="m5.5 5.5 13 13M18.5 5.5l-13 13"/>',
        "hand": '<path d="M4 14c2-1.5 4-1.5 6 0l3 .5a1.5 1.5 0 0 1 0 3H9M13 17.5l6-3'
        'c1.5-.7 2.5 1 1.3 2L14 21H4M12 4v6M9 7h6"/>',
        "link": '<path d="M9.5 14.5l5-5M11 7l2.5-2.5a4.2 4.2 0 0 1 6 6L17 13'
        'M13 17l-2.5 2.5a4.2 4.2 0 0 1-6-6L7 11"/>',
        "offer": '<path d="M3 12h15M12 6l6 6-6 6M21 5v14"/>',
        "next": '<path d="m9 5 7 7-7 7"/>',
        "back": '<path d="m15 5-7 7 7 7"/>',
        "plus": '<path d="M12 5v14M5 12h14"/>',
        "search": '<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5.5 5.5"/>',
        "print": '<path d="M7 8V3h10v5M7 17H3.5V8h17v9H17M7 14h10v7H7z"/>',
        "show": '<path d="M2 12c3-5 6.5-7 10-7s7 2 10 7c-3 5-6.5 7-10 7s-7-2-10-7z"/>'
        '<circle cx="12" cy="12" r="3"/>',
        "hide": '<path d="M2 12c3-5 6.5-7 10-7s7 2 10 7c-3 5-6.5 7-10 7s-7-2-10-7zM4 4l16 16"/>',
        "bed": '<path d="M3 5v15M3 17h18M21 20v-6a3 3 0 0 0-3-3H3M7 11V8.5h5V11"/>',
        "talk": '<path d="M4 5h16v11h-9l-5 4v-4H4zM8 9h8M8 12.5h5"/>',
        "paper": '<path d="M6 3h8l5 5v13H6zM14 3v5h5M9.5 13h6M9.5 17h6"/>',
        "empty": '<path d="M4 13 7 4h10l3 9v7H4zM4 13h5l1 2.5h4l1-2.5h5"/>',
        "home": '<path d="m3 11.5 9-8 9 8M6 9v11h12V9M10 20v-6h4v6"/>',
    }
)
