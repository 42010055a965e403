"""Refusals that have a status of their own; every other ``Refused`` is answered with 422."""

from states.refusals import Refused


class NotSignedIn(Refused):
    """Somebody must sign in first."""

    def __init__(self, sentence: str = "请先登录；登录时间过长未操作的，需要重新登录。") -> None:
        super().__init__(sentence)


class NotAllowed(Refused):
    """The role may not do this."""


class NotThere(Refused):
    """There is no such page or thing, or it lies outside the reader's scope: both look alike."""

    def __init__(self, sentence: str = "没有这个页面，或者不在您的办理范围内。") -> None:
        super().__init__(sentence)


class Stale(Refused):
    """Somebody else was first: the thing changed since the page was shown."""


class Gone(Refused):
    """It was there, and is no more."""


class TooLarge(Refused):
    """More was sent than is taken."""

    def __init__(self, largest: int) -> None:
        super().__init__(f"上传内容超过{largest // 1024 // 1024}MB的上限，未作保存，请压缩或拆分后重新上传。")


class ConfirmFirst(Refused):
    """A grave act: the password must be typed again."""

    def __init__(self) -> None:
        super().__init__("这一步需要再次输入密码确认。")
