-- Diagnostics of an insertion that nobody announced, then a quick fix.
local s = require('scenario')
vim.lsp.enable('aicheck')
local bufnr = s.edit('a.py', s.HEAD)
local before = s.text(bufnr)
vim.api.nvim_buf_set_lines(bufnr, -1, -1, true, s.lines(s.BAD))
s.wait_for_findings(bufnr, { 'IMP001:9' })
vim.api.nvim_win_set_cursor(0, { 9, 8 })
local titles = {}
vim.ui.select = function(actions, _, choose)
  for _, one in ipairs(actions) do
    table.insert(titles, one.action.title)
  end
  choose(actions[1])
end
vim.lsp.buf.code_action()
s.wait_for_findings(bufnr, {})
s.report({
  before = before,
  after = s.text(bufnr),
  titles = titles,
  status = require('aicheck.status').get(),
  line = require('aicheck').statusline(),
})
