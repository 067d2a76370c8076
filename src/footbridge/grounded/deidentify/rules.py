"""Rules that recognise what could identify somebody, in English and in Chinese.

Each rule names its category and the reason that a person will read. They suggest too much
rather than too little; a person decides. The list follows HIPAA's eighteen identifiers and
adds what a study of people who use drugs needs: hospitals, camps and detention places,
relatives' names, amounts paid.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from footbridge.grounded.deidentify import places


@dataclass(frozen=True, slots=True)
class Rule:
    """One pattern; its group ``x``, where it has one, is what would be replaced."""

    category: str
    reason: str
    pattern: re.Pattern[str]
    accept: Callable[[str], bool] = lambda _: True


def identity_number(text: str) -> bool:
    """Whether the check digit of an 18-digit Chinese identity number is right (GB 11643).

    Examples
    --------
    >>> identity_number("11010519491231002X"), identity_number("110105194912310021")
    (True, False)
    """
    digits = text.upper()
    total = sum(int(d) * (2 ** (17 - i) % 11) for i, d in enumerate(digits[:17]))
    return "10X98765432"[total % 11] == digits[17]


_MONTHS = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|"
    r"Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)
_CAPITAL = r"[A-Z][a-z]+(?:[-'][A-Z]?[a-z]+)*"
_NAME = rf"{_CAPITAL}(?:\s{_CAPITAL}){{0,2}}"
_KIN = (
    r"(?:brother|sister|mother|father|son|daughter|wife|husband|uncle|aunt|cousin|friend|"
    r"boyfriend|girlfriend|neighbou?r|boss|dealer|nephew|niece)"
)
_DIGIT_WORD = r"(?:one|two|three|four|five|six|seven|eight|nine)"
_TEEN_WORD = r"(?:ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen)"
_NUMBER_WORD = (
    rf"(?:{_TEEN_WORD}|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
    rf"(?:[- ]{_DIGIT_WORD})?)"
)
_ORDINAL = (
    r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|"
    r"thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|"
    r"thirtieth|twenty[- ](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth))"
)
_PAID = r"(?:paid|pays?|gave|lent|costs?|owed?|borrowed|asked|wanted|earned|sold)"
_TITLE = (
    r"(?:doctor|nurse|officer|captain|director|professor|teacher|interpreter|boss|uncle|aunt|"
    r"old|lao|xiao)"
)
_PINYIN = (
    r"(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?"
    r"(?:i[ao]n?g?|u[aeio]?[in]?g?|[aeo][ino]?g?|i[en]?g?|iu|ui)){1,3}"
)
_HOUSE = (
    r"(?:Hospital|Clinic|Center|Centre|Camp|Prison|School|University|Factory|Company|Station|"
    r"Hotel|Restaurant|Market|Bank|Tower|Temple|Detention\s\w+|Street|Road|District|County|"
    r"Province|Village)"
)
_ANY = (
    r"(?:a|an|the|this|that|my|our|his|her|their|your|same|new|old|other|another|first|last|next|"
    r"big|small|whole|nearest|local|city|private|public|police|bus|train|railway|no|any|some|in|"
    r"at|to|of|from|and|or|after|before|for|with|one|two|every|each|what|which|good|bad|cheap)"
)
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹"
    "彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金"
    "石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵"
    "万钱严覃武戴莫孔向汤"
)
_ZH_TITLE = (
    "(?:医生|大夫|护士|主任|警官|队长|所长|老师|先生|女士|小姐|师傅|老板|教授|翻译|科长|书记|管教|"
    "院长|局长|处长|厂长|经理|律师|阿姨|叔叔|大哥|大姐)"
)
_ZH_KIN = (
    "(?:哥哥?+|姐姐?+|弟弟?+|妹妹?+|妈妈?+|爸爸?+|儿子|女儿|老婆|老公|妻子|丈夫|爱人|对象|前妻|前夫|叔叔|阿姨|姑姑|"
    "舅舅|姨妈|伯伯|爷爷|奶奶|姥姥|外婆|外公|姐夫|妹夫|嫂子|侄子|侄女|外甥|[表堂][哥姐弟妹]|男朋友|女朋友|"
    "朋友|同学|同事|邻居|战友)"
)
_ZH_SMALL = "(?!小[时学区心说孩姐组偷钱店卖事便吃弟妹伙腿城镇村声朋费的时巷道额型])"
_ZH_NO_NAME = "(?![在到从去来是的了我你他她们也很都就不说日号和跟有没])"
_ZH_CHAR = rf"(?:{_ZH_NO_NAME}[\u4e00-\u9fff])"
_ZH_N = "[一二三四五六七八九十]"
_ZH_DAY = rf"(?:\d{{1,2}}|{_ZH_N}{{1,3}})[日号]"
_ZH_PLACE = "(?:省|市|县|镇|乡|村|街道|路|胡同|小区)"
_ZH_HOUSE = (
    "(?:医院|戒毒所|劳教所|看守所|派出所|监狱|诊所|公司|厂|学校|大学|中学|小学|"
    "酒店|宾馆|饭店|银行|车站)"
)


def _rule(category: str, reason: str, pattern: str, flags: int = 0) -> Rule:
    return Rule(category, reason, re.compile(pattern, flags))


COMMON: tuple[Rule, ...] = (
    Rule("ID", "18 digits with the check digit of an identity number",
         re.compile(r"(?<!\d)\d{17}[\dXx](?![\dA-Za-z])"), identity_number),
    _rule("EMAIL", "an e-mail address", r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"),
    _rule("URL", "a web address", r"(?:https?://|www\.)[^\s,，。）)]{3,200}"),
    _rule("IP", "an internet address", r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])"),
    _rule("PHONE", "a Chinese mobile number",
          r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?!\d)"),
    _rule("PHONE", "a telephone number",
          r"(?<!\d)(?:\(?0\d{2,3}\)?[- ]\d{7,8}|\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4})(?!\d)"),
    _rule("PLATE", "a car's number plate",
          "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
          r"[A-Z][·• ]?[A-Z0-9]{5,6}"),
    _rule("ACCOUNT", "a messenger account",
          r"(?:QQ|WeChat|weixin|微信|微信号)[\s,，]*(?:号|number|id|is|[:：])*\s*(?P<x>[A-Za-z0-9_-]{5,20})",
          re.IGNORECASE),
    _rule("NUMBER", "a long number, such as of a card or a file", r"(?<![\d.])\d{7,}(?!\d|\.\d)"),
)  # fmt: skip

ENGLISH: tuple[Rule, ...] = (
    _rule("DATE", "a day",
          rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?{_MONTHS}(?:,?\s\d{{4}})?|"
          rf"{_MONTHS}\s\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s\d{{4}})?)\b"),
    _rule("DATE", "a month", rf"\b{_MONTHS},?\s(?:of\s)?(?:19|20)\d{{2}}\b"),
    _rule("DATE", "a date in figures",
          r"(?<![\d/])(?:\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|\d{4}-\d{1,2}-\d{1,2}|\d{1,2}/(?:19|20)\d{2})(?![\d/])"),
    _rule("AGE", "an age",
          rf"\b(?:aged?\s(?P<x>\d{{1,3}})|(?:\d{{1,3}}|{_NUMBER_WORD})[- ]years?[- ]old)\b",
          re.IGNORECASE),
    _rule("AGE", "a number that may be an age",
          rf"\b(?:was|is|am|i'm|he's|she's|maybe|about|nearly|almost|turned|aged)\s"
          rf"(?P<x>\d{{1,2}}|{_NUMBER_WORD})\b(?!\s?(?:[:.,]?\d|%|percent|hundred|thousand|yuan|"
          r"rmb|kuai|days?|weeks?|months?|hours?|minutes?|times|people|of\s(?:us|them)|o'clock))",
          re.IGNORECASE),
    _rule("DATE", "a day in words",
          rf"\b(?:{_ORDINAL}|\d{{1,2}}(?:st|nd|rd|th))\sof\s{_MONTHS}(?:,?\s\d{{4}})?\b",
          re.IGNORECASE),
    _rule("DATE", "a month", rf"\b(?:last|this|next|in|since|until)\s(?P<x>{_MONTHS})\b"),
    _rule("DATE", "a month", rf"\b(?:last|this|next)\s{_MONTHS}\b", re.IGNORECASE),
    _rule("DATE", "a year", r"(?<![\d.,-])(?:19[3-9]\d|20[0-4]\d)(?![\d-]|\.\d|,\d|年)"),
    _rule("DATE", "a festival",
          r"\b(?:Spring|Mid-Autumn|Lantern|Dragon\sBoat)\sFestival\b", re.IGNORECASE),
    _rule("PERSON", "a title and a name, in small letters",
          rf"\b{_TITLE}\s(?P<x>{_PINYIN})(?![\w'])"),
    _rule("PERSON", "a familiar form of a name",
          rf"\b(?:lao|xiao|Lao|Xiao|Old|Little)\s(?:{_PINYIN}|{_CAPITAL})(?![\w'])"),
    _rule("NUMBER", "a room or a bed", r"\b(?:room|bed|flat)\s(?P<x>\d{1,4})\b", re.IGNORECASE),
    _rule("ORGANISATION", "a house with a number in its name",
          rf"\b(?:{_CAPITAL}\s)?No\.?\s?\d+\s(?:{_CAPITAL}\s){{0,2}}{_HOUSE}\b"),
    _rule("PLACE", "a street and a number",
          rf"\b{_CAPITAL}(?:\s{_CAPITAL}){{0,2}}\s(?:Road|Street|Lane|Avenue)\s(?:No\.?\s)?\d+\b"),
    _rule("ORGANISATION", "a house that may be known by this name",
          rf"\bthe\s(?P<x>(?!{_ANY}\s)[a-z]+(?:\s(?!{_ANY}\s)[a-z]+)?\s{_HOUSE.lower()})\b"),
    _rule("PERSON", "a title and a name",
          rf"\b(?:Dr|Mr|Mrs|Ms|Prof|Doctor|Nurse|Officer|Captain|Director|Professor)\.?\s(?P<x>{_NAME})"),
    _rule("PERSON", "a relative or friend and a name",
          rf"\b{_KIN}(?:'s\sname\sis|\scalled|\snamed|,)?\s(?P<x>{_NAME})"),
    _rule("PERSON", "somebody says a name",
          rf"\b(?:my\sname\sis|called\sme|call\sme|I\sam\scalled)\s(?P<x>{_NAME})"),
    _rule("ORGANISATION", "a hospital, camp, centre or school by name",
          rf"\b{_CAPITAL}(?:\s{_CAPITAL}){{0,3}}\s{_HOUSE}\b"),
    _rule("PLACE", "a place after 'in', 'from', 'to' or 'near'",
          rf"\b(?:in|from|to|near|at|outside)\s(?P<x>{_NAME})"),
    _rule("MONEY", "an amount paid",
          r"(?:(?:RMB|CNY|USD|¥|\$)\s?\d[\d,]*(?:\.\d+)?|\b\d[\d,]*(?:\.\d+)?\s(?:yuan|RMB|kuai|dollars)\b)",
          re.IGNORECASE),
    _rule("MONEY", "an amount in words",
          rf"\b{_PAID}\s(?:\w+\s){{0,3}}?(?P<x>(?:{_NUMBER_WORD}|{_DIGIT_WORD}|a)\s"
          rf"(?:hundred|thousand)(?:\s(?:and\s)?(?:{_NUMBER_WORD}|{_DIGIT_WORD})"
          r"(?:\shundred)?)?)\b", re.IGNORECASE),
)  # fmt: skip

CHINESE: tuple[Rule, ...] = (
    _rule("DATE", "a date",
          r"(?:(?:19|20)?\d{2}|[一二三四五六七八九〇零]{4})年"
          rf"(?:\d{{1,2}}|{_ZH_N}{{1,3}})月(?:{_ZH_DAY})?"),
    _rule("DATE", "a day", rf"(?:\d{{1,2}}|{_ZH_N}{{1,3}})月{_ZH_DAY}"),
    _rule("DATE", "a month",
          rf"(?:去年|前年|今年|明年)(?:\d{{1,2}}|{_ZH_N}{{1,3}})月(?:{_ZH_DAY})?"),
    _rule("DATE", "a day of a month", rf"(?:上个?月|这个月|本月|下个?月)(?P<x>{_ZH_DAY})"),
    _rule("DATE", "a year", r"(?<!\d)(?:19|20)\d{2}年"),
    _rule("DATE", "a festival", "(?:春节|中秋节?|国庆节?|清明节?|端午节?|元宵节?)"),
    _rule("AGE", "an age", rf"(?:\d{{1,3}}|{_ZH_N}{{1,3}})岁"),
    _rule("MONEY", "an amount paid",
          r"(?:\d[\d,.]*|[一二两三四五六七八九十百千万]{1,8})(?:万|千)?"
          "(?:元|块钱?|人民币)"),
    _rule("PERSON", "a surname and a title",
          rf"[{_SURNAMES}][\u4e00-\u9fff]{{0,2}}?(?={_ZH_TITLE})"),
    _rule("PERSON", "a familiar form of a name",
          rf"(?:老|小|阿)[{_SURNAMES}](?![\u4e00-\u9fff]?(?:时|区|学|心|说))"),
    _rule("PERSON", "a relative or friend and a name",
          rf"{_ZH_KIN}(?:叫|名叫|是)?(?P<x>[{_SURNAMES}]{_ZH_CHAR}{{1,2}})"),
    _rule("PERSON", "a relative or friend and perhaps a name",
          rf"{_ZH_KIN}(?P<x>(?:{_ZH_NO_NAME}[\u4e00-\u9fff]){{2}})(?=[，,、。])"),
    _rule("PERSON", "somebody is called so",
          rf"叫(?P<x>{_ZH_CHAR}{{2,3}}?)(?=[，,、。；的在是]|$)"),
    _rule("PERSON", "a familiar form of a name",
          rf"{_ZH_SMALL}小[\u4e00-\u9fff](?=[，,、。今在跟说的和也给来去有是叫]|$)"),
    _rule("PERSON", "somebody says a name",
          r"(?:我叫|名字叫|名字是|姓名[:：]?)(?P<x>[\u4e00-\u9fff]{2,3})"),
    _rule("ORGANISATION", "an institution by name", rf"{_ZH_CHAR}{{2,8}}{_ZH_HOUSE}"),
    _rule("PLACE", "a place by its ending",
          rf"{_ZH_CHAR}{{2,4}}{_ZH_PLACE}(?!场|民|面|上)"),
    _rule("PLACE", "a district by its ending", rf"{_ZH_CHAR}{{2,3}}区(?!别|分|域)"),
    Rule("PLACE", "a province or a city", places.PATTERN),
)  # fmt: skip
