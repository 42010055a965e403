"""The way letters leave this installation, as its settings ask for it."""

from casework.installation import Installation
from casework.office_hours import OfficeHours
from casework.robots import robots_of
from notifications.channels.catcher import Catcher
from notifications.mail import Channel, Sender


def open_channel(installation: Installation) -> Channel:
    """The channel named in the settings, with the group robots that are set before it; keep it, and close it at
    the end. May be Refused for a secret file.
    """
    robots = robots_of(installation.settings)
    if not robots:
        return _mail_channel(installation)
    from notifications.channels.robots import WithRobots

    return WithRobots(_mail_channel(installation), robots, installation.settings.robots.timeout)


def _mail_channel(installation: Installation) -> Channel:
    settings, mail = installation.settings, installation.settings.mail
    sender = Sender(mail.sender, mail.sender_name, mail.reply_to)
    if mail.channel == "smtp":
        from notifications.channels.smtp import MailServer, Smtp

        return Smtp(
            MailServer(
                mail.host, mail.server_port, mail.security, mail.login, settings.mail_password, mail.timeout
            ),
            sender,
        )
    if mail.channel == "webhook":
        from notifications.channels.webhook import Webhook, WebhookAddress

        return Webhook(
            WebhookAddress(settings.webhook.url, settings.webhook_secret, settings.webhook.timeout)
        )
    return Catcher(installation.outbox, sender)


def office_hours(installation: Installation) -> OfficeHours | None:
    """When letters may leave, on today's edition of the calendar; None when they may at any time."""
    hours = installation.settings.mail.hours
    return OfficeHours(hours.opens, hours.closes, installation.calendar()) if hours else None
