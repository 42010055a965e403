"""What an installation can be told: from ``LINXUAN_*`` in the environment, or from one TOML file.

Read only where a program starts (``load_settings``); everything else is handed what it needs. A setting in the
environment goes before the same setting in the file. Relative paths count from the data folder. Every setting's
description is what a wrong value's refusal says is allowed.
"""

from collections.abc import Mapping
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from casework.faults import os_fault
from casework.setting_values import (
    Hours,
    address,
    hours,
    no_line_break,
    province_addresses,
    robot_letters,
    secret_web_address,
    wall_time,
    web_address,
)
from states.refusals import Refused

DATABASE_FILE = "linxuan.sqlite3"
SETTINGS_FILE = "linxuan.toml"

WallTime = Annotated[time, BeforeValidator(wall_time)]
Address = Annotated[str, AfterValidator(address)]
WorkingHours = Annotated[Hours | None, BeforeValidator(hours)]
SecretAddress = Annotated[SecretStr | None, AfterValidator(secret_web_address)]
Line = Annotated[str, AfterValidator(no_line_break)]


class Group(BaseModel):
    """Settings that belong together; a name that is not one of them is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Encryption(Group):
    """The keys of personal identifiers (M24-11.6a): the first encrypts, all can read."""

    keys: SecretStr | None = Field(None, description="一个或多个密钥，用空格或逗号分开，新密钥在前")
    key_file: Path | None = Field(None, description="密钥文件的路径，每行一个密钥，新密钥在前")

    @model_validator(mode="after")
    def _one_source(self) -> "Encryption":
        if self.keys and self.key_file:
            raise ValueError("encryption.keys 与 encryption.key_file 只能设置一项")
        return self


class Office(Group):
    """The office's own times, on the Shanghai clock."""

    opens: WallTime = Field(time(9, 0), description="上班时间，形如 09:00（D-1 据此判断公示首日是否计入）")
    digest_at: WallTime = Field(
        time(9, 10), description="每日摘要的发送时间，形如 09:10，应晚于提醒产生的9时"
    )


class Mail(Group):
    """How letters leave: by the local catcher unless a server is named."""

    channel: Literal["catcher", "smtp", "webhook"] = Field(
        "catcher", description="catcher（存入本机 outbox 文件夹）、smtp 或 webhook"
    )
    host: Line = Field("", description="邮件服务器的主机名")
    port: int | None = Field(None, ge=1, le=65535, description="1至65535的整数")
    security: Literal["starttls", "tls", "none"] = Field("starttls", description="starttls、tls 或 none")
    login: Line = Field("", description="登录名")
    password: SecretStr | None = Field(None, description="登录密码")
    password_file: Path | None = Field(None, description="存放登录密码的文件路径")
    sender: Address = Field("linxuan@linxuan.example.cn", description="发件邮箱，形如 linxuan@example.cn")
    sender_name: Line = Field("数字技术工程师培育项目办公室", description="一行文字，显示为发件人")
    reply_to: Address = Field("", description="接收回信的邮箱，形如 office@example.cn")
    timeout: float = Field(30, gt=0, le=600, description="等待邮件服务器的秒数，大于0，至多600")
    hours: WorkingHours = Field(None, description="发信时段，形如 08:30-17:30；留空表示不限")

    @property
    def server_port(self) -> int:
        """The port set, or the usual one for the kind of security."""
        return self.port or {"starttls": 587, "tls": 465, "none": 25}[self.security]

    @property
    def domain(self) -> str:
        """The domain of the sender, for message ids."""
        return self.sender.partition("@")[2]

    @model_validator(mode="after")
    def _complete(self) -> "Mail":
        if self.password and self.password_file:
            raise ValueError("mail.password 与 mail.password_file 只能设置一项")
        if self.channel == "smtp" and not self.host:
            raise ValueError("mail.channel 为 smtp 时必须设置 mail.host")
        if self.channel == "smtp" and "sender" not in self.model_fields_set:
            raise ValueError("mail.channel 为 smtp 时必须设置 mail.sender（本单位的发件邮箱）")
        if self.login and not (self.password or self.password_file):
            raise ValueError("设置了 mail.login 就必须设置 mail.password 或 mail.password_file")
        return self


class Webhook(Group):
    """Where letters are posted as JSON when the channel is ``webhook``."""

    url: Annotated[str, AfterValidator(web_address)] = Field(
        "", description="以 http:// 或 https:// 开头的地址"
    )
    secret: SecretStr | None = Field(None, description="签名密钥")
    secret_file: Path | None = Field(None, description="存放签名密钥的文件路径")
    timeout: float = Field(15, gt=0, le=600, description="等待对方的秒数，大于0，至多600")

    @model_validator(mode="after")
    def _one_source(self) -> "Webhook":
        if self.secret and self.secret_file:
            raise ValueError("webhook.secret 与 webhook.secret_file 只能设置一项")
        return self


class Receivers(Group):
    """Where the directory and lists under publicity are pushed over HTTP (I21-4.5, M24-7.5); unset: not pushed."""

    platform: Annotated[str, AfterValidator(web_address)] = Field(
        "", description="服务平台接收地址，以 http:// 或 https:// 开头"
    )
    osta: Annotated[str, AfterValidator(web_address)] = Field(
        "", description="技能（技术）人才评价工作网接收地址，以 http:// 或 https:// 开头"
    )
    provinces: Annotated[str, AfterValidator(province_addresses)] = Field(
        "", description="各省官网接收地址，形如 50=https://sheng.example.cn/in，多个用逗号分开"
    )
    ca_file: Path | None = Field(None, description="验证接收方证书的 CA 文件路径（PEM）")
    timeout: float = Field(20, gt=0, le=600, description="等待对方的秒数，大于0，至多600")
    failures: int = Field(3, ge=1, le=100, description="连续失败几次后暂停推送，1至100的整数")


class Robots(Group):
    """Group robots that are told of escalations and the office's digest in one line, without personal data."""

    wecom: SecretAddress = Field(None, description="企业微信群机器人的 Webhook 地址")
    dingtalk: SecretAddress = Field(None, description="钉钉群机器人的 Webhook 地址")
    dingtalk_secret: SecretStr | None = Field(None, description="钉钉机器人的加签密钥")
    feishu: SecretAddress = Field(None, description="飞书群机器人的 Webhook 地址")
    feishu_secret: SecretStr | None = Field(None, description="飞书机器人的签名密钥")
    letters: Annotated[str, AfterValidator(robot_letters)] = Field(
        "escalation,digest",
        description="escalation（督办）、digest（每日汇总）中的一项或两项，用逗号分开",
    )
    timeout: float = Field(10, gt=0, le=600, description="等待对方的秒数，大于0，至多600")

    @model_validator(mode="after")
    def _complete(self) -> "Robots":
        for name, url, secret in (
            ("dingtalk", self.dingtalk, self.dingtalk_secret),
            ("feishu", self.feishu, self.feishu_secret),
        ):
            if secret and not url:
                raise ValueError(f"设置了 robots.{name}_secret 就必须设置 robots.{name}")
        return self


class Web(Group):
    """The pages: how long a sign-in lasts, and how much may be uploaded at once."""

    idle_minutes: int = Field(30, ge=5, le=240, description="无操作多少分钟后退出登录，5至240的整数")
    session_hours: int = Field(10, ge=1, le=24, description="一次登录最多多少小时，1至24的整数")
    upload_mb: int = Field(100, ge=5, le=1000, description="一次上传最多多少MB，5至1000的整数")


class Links(Group):
    """The personal links experts come in by: where they lead, and how long one opens (M24-7.3b)."""

    address: Annotated[str, AfterValidator(web_address)] = Field(
        "https://linxuan.example.cn", description="本系统对外的网址，以 http:// 或 https:// 开头"
    )
    hours: int = Field(72, ge=1, le=336, description="专家链接的有效小时数，1至336的整数")


class Nudges(Group):
    """How often a holder may be urged (催办)."""

    days: int = Field(3, ge=1, le=30, description="同一申报两次催办至少间隔的工作日，1至30的整数")


class Changes(Group):
    """How long a change of particulars may take (M24-20c names no limit)."""

    days: int = Field(10, ge=1, le=60, description="变更申请的审定（补正）期限，1至60个工作日")
    reminder_days: int = Field(
        3, ge=1, le=59, description="期限届满前几个工作日提醒，1至59，小于 changes.days"
    )

    @model_validator(mode="after")
    def _before_the_limit(self) -> "Changes":
        if self.reminder_days >= self.days:
            raise ValueError("changes.reminder_days 须小于 changes.days")
        return self


def _database_url(url: SecretStr | None) -> SecretStr | None:
    if url is None or not url.get_secret_value():
        return None
    allowed = "形如 postgresql+psycopg://用户:密码@主机/库 或 sqlite:////路径/文件 的数据库地址"
    try:
        driver = make_url(url.get_secret_value()).drivername
    except ArgumentError:
        raise ValueError(allowed) from None
    if driver.partition("+")[0] not in ("sqlite", "postgresql"):
        raise ValueError(f"{allowed}（不支持 {driver}）")
    return url


class Settings(BaseSettings):
    """Everything that can be set. Made by ``load_settings``; ``Settings(data=...)`` gives the defaults."""

    model_config = SettingsConfigDict(
        extra="forbid", frozen=True, env_prefix="LINXUAN_", env_nested_delimiter="_", env_nested_max_split=1,
        env_ignore_empty=True,
    )  # fmt: skip

    data: Path = Field(Path("data"), description="数据文件夹的路径")
    database: Annotated[SecretStr | None, AfterValidator(_database_url)] = Field(
        None, description="数据库地址；留空则用数据文件夹中的 SQLite 文件"
    )
    language: Literal["zh-CN", "en"] = Field("zh-CN", description="zh-CN 或 en")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="debug、info、warning 或 error"
    )
    encryption: Encryption = Field(Encryption(), description="一组设置")
    office: Office = Field(Office(), description="一组设置")
    mail: Mail = Field(Mail(), description="一组设置")
    links: Links = Field(Links(), description="一组设置")
    web: Web = Field(Web(), description="一组设置")
    changes: Changes = Field(Changes(), description="一组设置")
    nudges: Nudges = Field(Nudges(), description="一组设置")
    webhook: Webhook = Field(Webhook(), description="一组设置")
    receivers: Receivers = Field(Receivers(), description="一组设置")
    robots: Robots = Field(Robots(), description="一组设置")

    @classmethod
    def settings_customise_sources(  # type: ignore[override]
        cls, settings_cls: type[BaseSettings], init_settings: PydanticBaseSettingsSource, **_: Any
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what is handed in counts: ``load_settings`` reads the environment it is given, and the file."""
        return (init_settings,)

    @model_validator(mode="after")
    def _reachable(self) -> "Settings":
        if self.mail.channel == "webhook" and not self.webhook.url:
            raise ValueError("mail.channel 为 webhook 时必须设置 webhook.url")
        return self

    @property
    def database_url(self) -> str:
        """The SQLAlchemy URL: the one set, or the SQLite file in the data folder. May hold a password."""
        if self.database is None:
            return f"sqlite:///{self.data / DATABASE_FILE}"
        return self.database.get_secret_value()

    def within_data(self, path: Path) -> Path:
        """A path of a setting: relative ones count from the data folder."""
        return self.data / path.expanduser()

    @property
    def mail_password(self) -> str:
        """The mail server's password, from the setting or its file; empty when there is none. May be Refused."""
        return self._secret("mail.password_file", self.mail.password, self.mail.password_file)

    @property
    def webhook_secret(self) -> str:
        """The webhook's signing secret, likewise."""
        return self._secret("webhook.secret_file", self.webhook.secret, self.webhook.secret_file)

    def _secret(self, name: str, direct: SecretStr | None, file: Path | None) -> str:
        if file is None:
            return direct.get_secret_value() if direct else ""
        path = self.within_data(file)
        try:
            return path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            why = os_fault(error) if isinstance(error, OSError) else "不是文本文件"
            raise Refused(f"设置 {name} 指定的文件{path}无法读取（{why}），请检查路径和权限。") from None


def load_settings(data: Path | None, env: Mapping[str, str]) -> Settings:
    """The settings of this start.

    `data` is the folder named on the command line, else ``LINXUAN_DATA``, else ``data`` where the program
    runs. The file is ``LINXUAN_CONFIG``, else ``linxuan.toml`` in the data folder if there is one. Raises
    Refused with one sentence that names the setting, its value unless it is secret, and what is allowed.
    """
    from casework.setting_sources import gather_settings

    return gather_settings(Settings, data, env)
