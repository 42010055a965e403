"""A noun with a verb that need not be typed: ``linxuan directory`` shows it, ``linxuan directory conflicts`` does not."""

from typing import Any

from cli.chinese import Group


class DefaultVerb(Group):
    """A group whose verb ``default`` is meant when the first word is none of its verbs."""

    default = "show"

    def make_context(self, info_name: Any, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """The context of the default verb itself, so that usage and complaints speak as it is typed."""
        if args[:1] == ["--help"] or (args and args[0] in self.commands):
            return super().make_context(info_name, args, parent=parent, **extra)
        return self.commands[self.default].make_context(info_name, args, parent=parent, **extra)
