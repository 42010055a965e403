"""The ways letters leave by: a local catcher, a mail server, a web address."""
