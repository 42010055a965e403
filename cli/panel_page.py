"""How one panel is shown: parameters, rounds, what it waits for, and its members to those who may see them."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from casework.panels.listing import PanelPage


def show_parameters(rows: tuple[tuple[str, str, str], ...]) -> None:
    """What is published of a panel: what, how much, and the clause."""
    from cli.showing import table

    table(("参数", "设定", "依据"), rows)


def show_page(page: "PanelPage") -> None:
    """One panel, as far as the reader may see it."""
    from cli.showing import pairs, say, shown, table

    line = page.line
    say(f"专家组{line.no}：{line.state_label}，{line.size}人，评议{line.cases}件。")
    pairs({"抽取时间": page.draw_at, "开会时间": page.meets_at, "表决截止": page.closes_at})
    show_parameters(page.published)
    for each in page.rounds:
        at = f"，{shown(each.drawn_at)}抽取，公开数字{each.digits}（{each.source}）" if each.drawn_at else ""
        say(
            f"\n第{each.round}轮：{each.state_label}，抽{each.seats}人，{shown(each.committed_at)}公布承诺{at}"
        )
        if each.void_why:
            say(f"  作废原因：{each.void_why}")
        say(
            f"  专家库哈希 {each.pool_sha256}\n  条件哈希　 {each.frame_sha256}\n  承诺　　　 {each.commitment}"
        )
    if page.waits:
        say("\n等待")
        rows = [(w.what, w.due, f"第{w.seat}席" if w.seat else "", w.held_why or "") for w in page.waits]
        table(("事项", "时间", "席位", "暂缓原因"), rows)
    if page.members:
        say("\n成员（保密，M24-7.3b）")
        table(
            ("席位", "轮次", "状态", "专家", "姓名", "单位", "邮箱", "答复期限", "原因"),
            [
                (m.place, m.round, m.state_label, m.expert, m.name, m.employer, m.mail, m.answer_due, m.reason)
                for m in page.members
            ],
            right=(0, 1),
        )  # fmt: skip
