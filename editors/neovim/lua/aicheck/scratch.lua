--- Text in a window of its own, closed with q.
local M = {}

---@param name string
---@param lines string[]
---@param filetype? string
---@return integer bufnr
function M.open(name, lines, filetype)
  local bufnr = vim.fn.bufadd('aicheck://' .. name)
  vim.bo[bufnr].buftype, vim.bo[bufnr].bufhidden, vim.bo[bufnr].swapfile = 'nofile', 'wipe', false
  vim.fn.bufload(bufnr)
  vim.bo[bufnr].modifiable = true
  vim.api.nvim_buf_set_lines(bufnr, 0, -1, false, lines)
  vim.bo[bufnr].modifiable = false
  vim.bo[bufnr].filetype = filetype or 'text'
  vim.keymap.set('n', 'q', '<Cmd>close<CR>', { buffer = bufnr, desc = 'Close' })
  vim.cmd.sbuffer(bufnr)
  return bufnr
end

return M
