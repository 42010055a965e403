"""Who takes what is published: the service platform, the second site, and the sites of provinces (I21-4.5)."""

from dataclasses import dataclass

from casework.settings import Settings
from states.labels import SITES
from states.places import OFFICES


@dataclass(frozen=True, slots=True)
class Receiver:
    """One receiver. ``site`` is a key of ``states.labels.SITES``, ``province`` two digits for a province's own site."""

    name: str
    site: str
    url: str
    province: str = ""

    @property
    def audience(self) -> str:
        """What its readers are to see: receivers of one audience get the same editions."""
        return f"{self.site}-{self.province}" if self.province else self.site

    @property
    def label(self) -> str:
        """Its name in words."""
        return f"{OFFICES[f'P{self.province}'].name}官网" if self.province else SITES[self.site]


def receivers_of(settings: Settings) -> tuple[Receiver, ...]:
    """The receivers that are set, the national ones first. None set means that nothing is pushed."""
    asked = settings.receivers
    national = (("platform", asked.platform), ("osta", asked.osta))
    provinces = (each.partition("=") for each in asked.provinces.split(",") if each)
    return (
        *(Receiver(name, name, url) for name, url in national if url),
        *(Receiver(f"P{province}", "province", url, province) for province, _, url in provinces),
    )
