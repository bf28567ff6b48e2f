-- The log can't be written: that is said once, and checking goes on.
local s = require('scenario')
local messages = {}
vim.lsp.handlers['window/showMessage'] = function(_, shown)
  table.insert(messages, shown.message)
end
vim.lsp.enable('aicheck')
local bufnr = s.edit('a.py', s.HEAD)
vim.api.nvim_buf_set_lines(bufnr, -1, -1, true, s.lines(s.BAD))
s.wait_for_findings(bufnr, { 'IMP001:9' })
vim.api.nvim_buf_set_lines(bufnr, -1, -1, true, s.lines((s.BAD:gsub('second', 'third'):gsub('json', 'sys'))))
s.wait_for_findings(bufnr, { 'IMP001:9', 'IMP001:14' })
s.report({ messages = messages })
