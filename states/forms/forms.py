"""Which printed form a track files in a call."""

from functools import cache

from states.forms import evaluation, training
from states.forms.fields import Form, FormKind

_NOTES = (
    "单位类型：行业协会等社团组织、事业单位、企业、集体企业、民营企业、民办非企业单位；",
    "所属行业：请参考《2017年国民经济行业分类》（GB/T 4754—2017）；",
    "",
    "工作单位：填写单位全称，建议填写至单位所在部门或二级单位；",
    "申请开展多个职业的培训或评价工作，请按职业分别填报申请；",
    "本表可另附页。",
)
_THIRD_NOTE = {
    FormKind.TRAINING: "人员性质：专职师资、兼职师资；",
    FormKind.EVALUATION: (
        "证书类别：行业证书、企业证书、在已取消的职业资格证书基础上升级改造的新型证书、其他类型证书；"
    ),
}


@cache
def form_of(kind: FormKind, call: str = "B3") -> Form:
    """The form of a track as the call `call` prints it.

    附件2 is printed the same in both calls, so only the clause that asks for it differs: CQ23-A2 in CQ23,
    B3-A in every later call. 附件1 was printed with CQ23 alone (CQ23-A1) and serves wherever a province selects.
    """
    notes = tuple(note or _THIRD_NOTE[kind] for note in _NOTES)
    if kind is FormKind.TRAINING:
        return Form(kind, training.TITLE, "CQ23-A1", training.TRAINING_FIELDS, notes)
    clause = "CQ23-A2" if call == "CQ23" else "B3-A"
    return Form(kind, evaluation.TITLE, clause, evaluation.EVALUATION_FIELDS, notes)
