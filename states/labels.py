"""The values rule files may use for materials, priorities, deciders and sites, with their Chinese names."""

from collections.abc import Mapping
from types import MappingProxyType

TRACKS: Mapping[str, str] = MappingProxyType({"evaluation": "评价", "training": "培训"})
"""The two kinds of institutions, each with a directory of its own (M24-2)."""

MATERIALS: Mapping[str, str] = MappingProxyType(
    {
        "recommendation_form": "推荐表",
        "registration_certificate": "法人登记证书或营业执照复印件（加盖单位印章）",
        "credit_record": "信用报告或诚信承诺书",
    }
)

PRIORITIES: Mapping[str, str] = MappingProxyType(
    {
        "standard_developer": "国家职业标准开发单位",
        "national_base": "国家级专业技术人员继续教育基地",
        "education_base": "专业技术人员继续教育基地",
        "industry_organisation": "行业组织",
        "leading_firm": "龙头企业",
    }
)

DECIDERS: Mapping[str, str] = MappingProxyType(
    {
        "group": "工程指导协调小组",
        "office": "工程指导协调小组办公室",
        "centre": "中国就业培训技术指导中心",
        "province": "省级人力资源社会保障部门",
    }
)

CHANNELS: Mapping[str, str] = MappingProxyType(
    {"province": "省级人力资源社会保障部门", "department": "行业主管（业务指导）部门"}
)

SITES: Mapping[str, str] = MappingProxyType(
    {
        "platform": "国家专业技术人才知识更新工程公共服务平台",
        "osta": "技能（技术）人才评价工作网",
        "province": "省级人力资源社会保障部门官网",
    }
)

SCOPES: Mapping[str, str] = MappingProxyType({"nation": "全国", "province": "本省（区、市）"})

LIMITS: Mapping[str, str] = MappingProxyType(
    {
        "initial_review": "初核",
        "expert_review": "专家评议",
        "site_visit": "考察",
        "recheck": "复核",
        "audit": "审核",
        "decision": "审定",
        "objection": "异议核查",
        "renewal": "续期审核",
    }
)
"""Stages whose time limit the law leaves open."""

FORM_TEXTS: Mapping[str, str] = MappingProxyType(
    {
        "profile": "单位基本情况",
        "platform": "信息化平台建设情况",
        "summary": "已开展情况简述",
        "team": "团队建设机制",
        "plan": "下步工作规划",
    }
)
"""Texts of the recommendation form with a limit of characters."""

CITES: Mapping[str, str] = MappingProxyType(
    {
        "apply": "申报",
        "materials": "申报材料",
        "generally": "“一般应”条件",
        "recommend": "推荐",
        "file": "报送",
        "paper": "书面材料",
        "review": "初核与专家评议",
        "list": "列入目录",
        "false_statement": "弄虚作假",
    }
)
"""Steps that every regime or notice rules in a clause of its own."""
