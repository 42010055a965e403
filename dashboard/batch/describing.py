"""A batch in words: which cases were chosen, where its link leads back to."""

from urllib.parse import urlencode

from casework.batches.choosing import Offered
from casework.batches.kept import Batch
from casework.selection import Selection
from dashboard.language import Say

NAMES = {
    "call": "batch.call", "track": "batch.track", "stage": "batch.stage", "province": "batch.province",
    "channel": "batch.channel", "occupation": "batch.occupation", "institution": "batch.institution",
}  # fmt: skip
"""What a batch may be chosen by, and the word for it."""
FILTERS = tuple(NAMES)


def described(chosen: Selection, offer: Offered, say: Say) -> str:
    """The filter of a batch in one line."""
    words = {
        "call": dict(offer.calls), "stage": offer.stages, "province": offer.provinces,
        "occupation": offer.occupations,
    }  # fmt: skip
    parts = [
        f"{say(NAMES[name])}{say('batch.is')}{words.get(name, {}).get(value, value)}"
        for name in FILTERS
        if (value := getattr(chosen, name))
    ]
    if chosen.nos:
        parts.append(say("batch.by_hand", count=len(chosen.nos)))
    return say("batch.and").join(parts)


def again(batch: Batch) -> str:
    """Back to the page of choosing, filled in as it was."""
    chosen = batch.chosen
    fields = [(name, value) for name in FILTERS if (value := getattr(chosen, name))]
    few = [("no", " ".join(chosen.nos))] if 0 < len(chosen.nos) <= 200 else []
    return f"/batch/new?{urlencode([*fields, *few, ('move', batch.move)])}"
