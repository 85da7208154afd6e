"""What the system says where it refuses to read or write a file, in both languages: its own words are English."""

import errno
import os
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
