"""The data folder: made for its owner alone, tried by really writing, with the key file in it."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from casework.faults import os_fault
from casework.settings import Settings
from records.crypt import make_key
from states.refusals import Refused

KEY_FILE = "secret.key"
_PROBE = b"\0" * 65_536


def prepare_folder(data: Path) -> None:
    """Make the folder (mode 0700) when it is missing, and prove that files can be written in it.

    Raises Refused for a path that is a file, a read-only folder, a full disk.
    """
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
    except FileExistsError:
        raise Refused(f"数据文件夹{data}是一个文件，请换一个路径。") from None
    except OSError as error:
        raise Refused(f"数据文件夹{data}无法建立（{os_fault(error)}），请检查路径和权限。") from None
    probe = data / f".probe-{secrets.token_hex(8)}"
    try:
        with probe.open("xb") as out:
            out.write(_PROBE)
            out.flush()
            os.fsync(out.fileno())
    except OSError as error:
        raise Refused(f"数据文件夹{data}无法写入（{os_fault(error)}），请处理后重试。") from None
    finally:
        with suppress(OSError):
            probe.unlink(missing_ok=True)


def close_to_others(data: Path) -> None:
    """Shut an empty folder that is about to hold an installation; a folder with other files is left as it is."""
    if not any(data.iterdir()):
        with suppress(OSError):
            data.chmod(0o700)


def find_keys(settings: Settings, *, fresh: bool) -> tuple[tuple[str, ...], list[str]]:
    """The encryption keys, newest first, and what staff must be told about them.

    With none configured they stand in ``secret.key`` in the data folder, which is made for a `fresh` database
    and only then: another key would not read what an existing one holds. Raises Refused.
    """
    configured = settings.encryption
    if configured.keys is not None:
        return _split(configured.keys.get_secret_value(), "设置 encryption.keys"), []
    notes = []
    path = settings.within_data(configured.key_file or Path(KEY_FILE))
    try:
        if fresh and configured.key_file is None and _make_key_file(path):
            notes.append(f"已生成加密密钥文件{path}，丢失后已加密的身份证件号码无法恢复，请另行妥善备份。")
        text = path.read_text(encoding="ascii")
        if path.stat().st_mode & 0o077:
            notes.append(f"加密密钥文件{path}可被其他用户读取，请执行 chmod 600 {path}。")
    except FileNotFoundError:
        raise Refused(f"缺少加密密钥文件{path}，请放回原来的密钥文件，或从带密钥的备份恢复。") from None
    except UnicodeDecodeError:
        raise Refused(f"{path}不是加密密钥文件，请放回原来的密钥文件。") from None
    except OSError as error:
        raise Refused(f"加密密钥文件{path}无法读写（{os_fault(error)}），请检查路径和权限。") from None
    return _split(text, f"加密密钥文件{path}"), notes


def _split(text: str, where: str) -> tuple[str, ...]:
    keys = tuple(text.replace(",", " ").split())
    if not keys:
        raise Refused(f"{where}中没有密钥，请填入由 linxuan 生成的密钥。")
    return keys


def _make_key_file(path: Path) -> bool:
    """Whether this process made it: of two that start at once, one does and both use it."""
    part = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
    descriptor = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(descriptor, "w") as out:
            out.write(f"{make_key()}\n")
            out.flush()
            os.fsync(out.fileno())
        os.link(part, path)
    except FileExistsError:
        return False
    finally:
        part.unlink()
    return True
