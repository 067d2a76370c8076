"""A worked study of our own writing: nine invented interviews, two invented coders, three days.

Nobody in it exists. The transcripts are English notes with some Chinese terms kept, and one
transcript in Chinese. Coder A and coder B coded apart and differ as people do: other names
for one idea, one code where the other has two, shifted boundaries, passages only one saw.
Documentation, tests and the demonstration use it.
"""

from footbridge.grounded.study.loading import Study, load_study

__all__ = ["Study", "load_study"]
