"""The papers that come with a form, as small stand-ins."""

from pathlib import Path

from states.forms import Application


def lay_beside(form: Path, application: Application) -> None:
    """Put a registration certificate and a credit report beside a form."""
    certificate = (
        f"法人登记证书（示例，非真实证书）\n单位名称：{application.institution}\n"
        f"统一社会信用代码：{application.uscc}\n成立日期：{application.founded}\n"
    )
    credit = f"信用报告（示例，非真实报告）\n{application.institution}\n未发现违法失信记录。\n"
    for name, text in (("法人登记证书", certificate), ("信用报告", credit)):
        form.with_name(f"{form.stem}_{name}.txt").write_text(text, encoding="utf-8", newline="\n")
