"""What the system and libraries say of what they refuse, in both languages: their own words are English.

>>> in_words("Unterminated string starting at").zh
'文字的引号没有闭合'
"""

import errno
import os
import re
from collections.abc import Mapping

from xlbill.language import Label

_SAID: Mapping[int, Label] = {
    errno.ENOENT: Label("文件或文件夹不存在", "no such file or folder"),
    errno.EACCES: Label("没有权限，或正被其他程序占用", "no permission, or another program has it open"),
    errno.EPERM: Label("不允许这样操作", "the system does not permit it"),
    errno.EEXIST: Label("同名文件已存在", "a file of that name exists"),
    errno.ENOTDIR: Label("路径中有一段不是文件夹", "a part of the path is no folder"),
    errno.EISDIR: Label("是文件夹，不是文件", "it is a folder, not a file"),
    errno.ENOTEMPTY: Label("文件夹不为空", "the folder is not empty"),
    errno.ENOSPC: Label("磁盘已满", "no space is left on the disk"),
    errno.EDQUOT: Label("磁盘配额已用完", "the quota of the disk is used up"),
    errno.EFBIG: Label("文件过大", "the file is too large"),
    errno.EROFS: Label("磁盘只读", "the disk is read-only"),
    errno.EIO: Label("磁盘读写出错", "the disk failed to read or write"),
    errno.EBUSY: Label("正被其他程序占用", "another program has it open"),
    errno.EMFILE: Label("打开的文件过多", "too many files are open"),
    errno.ENFILE: Label("系统打开的文件过多", "too many files are open on this machine"),
    errno.ENAMETOOLONG: Label("文件名过长", "the name is too long"),
    errno.ELOOP: Label("链接绕成了一圈", "links lead in a circle"),
    errno.ECHILD: Label("写文件的进程被结束", "the process that wrote it was ended"),
}
NOT_ORDINARY = Label("不是普通文件", "not a regular file")


def refusal(error: OSError) -> Label:
    """Why the system refused, by its number; what has none here is told in the system's words."""
    said = _SAID.get(error.errno) if error.errno is not None else None
    if said is not None:
        return said
    words = (os.strerror(error.errno) if error.errno else None) or error.strerror or str(error)
    return Label(words, words)


# --- libraries -------------------------------------------------------------------------------------------------------

_FOUND = r", but (?:found|got) (?P<found>.*)"
OF_LIBRARIES: Mapping[str, str] = {
    # json
    r"Expecting value": "这里缺少一个值",
    r"Expecting property name enclosed in double quotes": "键名应写在双引号中",
    r"Expecting '(?P<mark>.)' delimiter": "这里缺少“{mark}”",
    r"Extra data": "内容结束后还有多余的文字",
    r"Invalid control character.*": "文字中有控制字符",
    r"Invalid \\+.*escape.*": "无效的反斜杠转义",
    r"Unterminated string.*": "文字的引号没有闭合",
    r"Illegal trailing comma.*": "末尾多了一个逗号",
    # YAML
    r"mapping values are not allowed here": "此处不能有“键: 值”，可能是缩进不齐，或文字中的冒号没有加引号",
    r"sequence entries are not allowed here": "此处不能有以“-”开头的列表项",
    r"could not find expected ':'": "缺少冒号",
    r"found character (?P<found>.*) that cannot start any token": "不能以 {found} 开头（缩进不用制表符，文字请加引号）",
    r"expected <block end>" + _FOUND: "缩进或标点不对，读到了 {found}",
    r"expected '(?P<one>.)' or '(?P<other>.)'" + _FOUND: "应为“{one}”或“{other}”，读到了 {found}",
    r"expected the node content" + _FOUND: "这里应有内容，读到了 {found}",
    r"expected .*" + _FOUND: "写法不对，读到了 {found}",
    r"found unexpected end of stream": "文件在引号内结束，引号没有闭合",
    r"found unexpected document separator": "文字中间出现了文档分隔符 ---",
    r"but found another document": "一个文件只能有一份文档（---）",
    r"found unknown escape character (?P<found>.*)": "无效的转义 {found}",
    r"found undefined alias.*": "引用的别名没有定义",
    r"found duplicate anchor.*|second occurrence": "同一个锚点定义了两次",
    r"found undefined tag handle.*|found non-specific tag.*|.*duplicate tag handle.*": "标签的写法不对",
    r"found .*directive.*|found incompatible YAML document.*": "YAML 指令的写法不对",
    r"unacceptable character.*|special characters are not allowed.*": "有不允许的控制字符",
    # SQLite
    r"file is not a database": "文件不是 SQLite 数据库",
    r"database disk image is malformed|malformed database schema.*": "数据库文件已损坏",
    r"database is locked|database table is locked.*": "数据库正被另一个程序占用",
    r"unable to open database file": "无法打开数据库文件",
    r"attempt to write a readonly database": "数据库是只读的",
    r"database or disk is full": "磁盘空间不足",
    r"disk I/O error": "读写磁盘出错",
    r"no such table: (?P<found>.*)": "缺少表 {found}",
    r"no such column: (?P<found>.*)": "缺少列 {found}",
    # texts
    r"'\S+' codec can't decode .*": "不是 UTF-8 编码的文本",
    r"maximum recursion depth exceeded.*": "嵌套过深",
    # packed files and XML
    r"(\w+: )?(File is not a zip file|Bad magic number.*|Truncated file header|Overlapped entries.*)": "压缩包已损坏",
    r"(\w+: )?(Error -\d+ while decompressing.*|Bad CRC-32.*|compressed data is incomplete)": "压缩内容已损坏",
    r"(\w+: )?(.*not well-formed.*|mismatched tag.*|no element found.*|unclosed token.*|syntax error.*)": "XML 已损坏",
}
"""Phrases of libraries, and their Chinese; what a phrase names is put into its braces."""

_PATTERNS = tuple((re.compile(pattern, re.DOTALL), zh) for pattern, zh in OF_LIBRARIES.items())


def why(error: BaseException) -> Label:
    """Why the system or a library refused something; a phrase that has no Chinese yet stands as a quotation in it."""
    if isinstance(error, OSError):
        return refusal(error)
    return in_words(" ".join(str(error).split()) or type(error).__name__)


def in_words(english: str) -> Label:
    """A phrase of a library in both languages."""
    for pattern, zh in _PATTERNS:
        if (found := pattern.fullmatch(english)) is not None:
            return Label(zh.format(**found.groupdict()).replace("'<stream end>'", "文件结尾"), english)
    return Label(_quoted(english), english)


def _quoted(english: str) -> str:
    return f"原文“{english}”"
