-- What comes before the server runs: a paste from elsewhere counts, one's own yank does not, nor what is undone.
local s = require('scenario')
vim.lsp.enable('aicheck')

---@param name string
---@return integer bufnr of a file that was just opened
local function opened(name)
  vim.cmd.edit(s.write(name, s.HEAD))
  return vim.api.nvim_get_current_buf()
end

local pasted = opened('a.py')
vim.paste(s.lines(s.BAD), -1)
vim.api.nvim_buf_set_lines(pasted, 0, 0, true, { '# typed above' })

local own = opened('b.py')
vim.cmd.normal({ 'ggyGGp', bang = true })

local undone = opened('c.py')
vim.api.nvim_buf_set_lines(undone, -1, -1, true, s.lines(s.BAD))
vim.cmd.undo()

local early = not vim.lsp.get_clients({ name = 'aicheck', bufnr = pasted })[1]
for _, bufnr in ipairs({ pasted, own, undone }) do
  s.attached(bufnr)
end
s.wait('the output', function()
  local status = require('aicheck.status').get()
  return status and status.outputs == 1
end)
vim.wait(1500)
local found = s.findings(pasted)
s.report({ early = early, outputs = require('aicheck.status').get().outputs, found = found })
