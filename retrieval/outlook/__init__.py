"""Outlook's own forms of a message: .msg, and winmail.dat within or instead of one."""
