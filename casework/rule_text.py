"""Single values set in the text of a rule file, everything else in it, comments included, left as it stands."""

import re
from collections.abc import Callable
from datetime import date

from states.refusals import Refused


def with_text(text: str, key: str, value: str) -> str:
    """The rule file with a plain text of its head (``code``, ``name``, ``title``) set. Raises Refused without one."""
    quoted = value.replace("\\", "\\\\").replace('"', '\\"')
    return _set(text, rf'^({key}\s*=\s*)"(?:[^"\\\n]|\\.)*"', lambda found: f'{found[1]}"{quoted}"', key)


def with_day(text: str, key: str, value: date) -> str:
    """The rule file with a day set, plain (``notice``) or under its clause (``opens``). Raises Refused without one."""
    pattern = rf"^({key}\s*=\s*(?:\{{[^\n}}]*?\bvalue\s*=\s*)?)\d{{4}}-\d{{2}}-\d{{2}}"
    return _set(text, pattern, lambda found: f"{found[1]}{value.isoformat()}", key)


def _set(text: str, pattern: str, made: Callable[[re.Match[str]], str], key: str) -> str:
    changed, times = re.subn(pattern, made, text, count=1, flags=re.MULTILINE)
    if not times:
        raise Refused(f"规则文件中没有按一行写明的“{key}”，请先在规则文件中写明这一项。")
    return changed
