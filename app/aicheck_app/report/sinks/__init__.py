"""One file a sink: what makes text from outside safe on its way to a terminal, a page, a spreadsheet, an editor.

Text from outside is whatever a stranger or a model may have written: names of files, excerpts, messages that
quote them, models, agents, sessions, tools, reasons, settings, what other programs said.
"""
