"""Invented long answers for samples, up to a wanted number of characters."""

from random import Random

from states.forms import characters

_SENTENCES = {
    "profile": (
        "本单位为示例单位，长期从事{field}领域的技术研究、人才评价与公共服务。",
        "设有综合部、考务部、质量督导部和技术研发部，制度健全，分工明确。",
        "近年来参与多项{field}领域团体标准的研讨，与二十余家示例院校和企业建立合作。",
        "在行业内具有较好的公信力，未发生重大经济纠纷和失信行为。",
        "拥有稳定的专职队伍和自有场地，能够同时组织线上和线下考核。",
    ),
    "platform": (
        "自建信息化平台，支持报名、资格审核、线上考核、远程监考和成绩查询。",
        "平台网址为 https://platform.example.cn ，按照网络安全等级保护要求运行。",
        "近三年平台运行稳定，累计服务考生数千人次。",
    ),
    "summary": (
        "近五年在{field}领域连续组织考核评价，覆盖初级、中级、高级三个等级。",
        "建立考务管理、试卷保密、证书核发与档案留存等制度，全过程可追溯。",
        "每次考核均设督导员，结果抽查复核，未发生泄密和舞弊事件。",
    ),
    "team_building": (
        "实行专兼结合的队伍结构，定期考核，能进能出。",
        "命题专家由高校和企业的高级职称人员组成，签订保密协议。",
        "每年组织考评员和督导员培训不少于两次。",
    ),
    "plan": (
        "首年完成题库建设和考核站点布局，编制考核方案和应急预案。",
        "严格执行国家职业标准，按等级组织理论与实操考核。",
        "考核费用按成本测算并向社会公开，接受人力资源社会保障部门监督。",
        "每季度开展质量分析，对问题及时整改。",
    ),
}


def long_answer(random: Random, key: str, field: str, limit: int) -> str:
    """A text for the long field `key`, of at most `limit` characters, in one to several paragraphs."""
    wanted = limit if random.randrange(8) == 0 else random.randrange(limit // 8, limit * 3 // 4)
    text = ""
    for sentence in _shuffled(random, key):
        addition = sentence.format(field=field)
        if characters(text) + len(addition) > wanted:
            break
        text += addition + ("\n" if random.randrange(3) == 0 else "")
    return text.strip() or _SENTENCES[key][0].format(field=field)


def too_long_answer(key: str, field: str, limit: int) -> str:
    """A text for the long field `key` that goes over its limit."""
    sentence = _SENTENCES[key][0].format(field=field)
    return sentence * (limit // len(sentence) + 2)


def _shuffled(random: Random, key: str) -> list[str]:
    sentences: list[str] = []
    for _ in range(12):
        sentences += random.sample(_SENTENCES[key], len(_SENTENCES[key]))
    return sentences
