"""Grounded Theory: coding, agreement, comparison, saturation and exchange of interviews.

A library without Django. Texts are immutable, positions are half-open ranges of Unicode
code points, and every coding carries its coder and its moment.
"""
