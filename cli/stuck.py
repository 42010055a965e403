"""``linxuan stuck``: what is past its limit or cannot go on by itself, longest first, and what unblocks it."""

from cli.chinese import Noun
from cli.options import As, AsOf, Call, Channel, Data, Json, Limit, Occupation, Province, Stage, Track

app = Noun("滞留：超过期限的和不能自动办理的，最久的在前")


@app.command(epilog="linxuan stuck --stage 初核 --province 重庆")
def stuck(
    call: Call = None, track: Track = None, stage: Stage = None, province: Province = None, channel: Channel = None,
    occupation: Occupation = None, limit: Limit = 50, as_: As = None, data: Data = None, as_of: AsOf = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """滞留：超过期限的和不能自动办理的，最久的在前"""
    from casework.duties.listing import duties
    from casework.possible import blockers
    from casework.stuck import stuck as find
    from cli.acting import reader
    from cli.as_of import read_as_of
    from cli.choosing import choose
    from cli.duty import show_duties
    from cli.opening import opened
    from cli.showing import last_day, record, say, say_json, table
    from records.transaction import reading
    from states.roles import Role

    now = read_as_of(as_of)
    with opened(data, as_of=now) as here:
        chosen = choose(
            here.desk,
            call=call,
            track=track,
            stage=stage,
            province=province,
            channel=channel,
            occupation=occupation,
        )
        found = find(here.desk, chosen, as_of=now, actor=reader(here.desk, as_), limit=limit)
        with reading(here.desk.engine) as tx:
            blocked = blockers(tx, here.desk, [each.no for each in found], as_of=now)
        late = (
            []
            if call or track or stage or channel or occupation
            else duties(
                here.desk,
                as_of=now,
                actor=reader(here.desk, as_),
                overdue=True,
                province=chosen.province,
                limit=limit,
            )
        )
    if as_json:
        say_json([{**record(each), "blocked_by": blocked.get(each.no, [])} for each in found])
        return
    # Who is waited for has a column of its own: the reason says what is in the way, if anything is.
    rows = [
        (each.no, each.institution, each.stage_label, Role(each.held_by).label, last_day(each.due_at),
         each.days_over, each.days_in_stage, each.clause,
         "；".join([*([each.why] if each.held else []), *(f"尚不能{why}" for why in blocked.get(each.no, []))])
         or each.why)
        for each in found
    ]  # fmt: skip
    if rows:
        headings = (
            "编号",
            "申报单位",
            "环节",
            "等谁",
            "期限",
            "超期（工作日）",
            "在本环节（工作日）",
            "依据",
            "原因",
        )
        table(headings, rows, right=(5, 6))
    else:
        say("没有滞留的申报。")
    if late:
        say("\n逾期未履行的义务")
        show_duties(late)
