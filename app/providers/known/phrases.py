"""What the tables say in the same words, and the day on which their sources were read."""

from datetime import date

CHECKED_2026_11_28 = date(2026, 11, 28)

LISTS_AND_COUNTS = "It lists its models and counts tokens in the stream."
LISTS_COUNTS_REASONS = "It lists its models, counts tokens in the stream and shows how a model reasons."
COUNTING_UNKNOWN = "It lists its models. Whether it counts tokens in the stream is not known."
