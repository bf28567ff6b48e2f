-- :checkhealth before and after a file is open.
local s = require('scenario')
local function health()
  vim.cmd.checkhealth('aicheck')
  local lines = vim.api.nvim_buf_get_lines(0, 0, -1, true)
  vim.cmd.bwipeout()
  return lines
end
local report = { disabled = health() }
vim.lsp.enable('aicheck')
report.enabled = health()
s.edit('a.py', s.HEAD)
report.running = health()
s.report(report)
