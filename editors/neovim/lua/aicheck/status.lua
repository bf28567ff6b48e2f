--- What the server last said of today's outputs.
local M = {}

---@class aicheck.Status
---@field outputs integer today's
---@field suspect integer of them
---@field verdict string of the newest output
---@field uri string its file

local status ---@type aicheck.Status?

---@param new aicheck.Status
function M.set(new)
  status = new
  vim.api.nvim_exec_autocmds('User', { pattern = 'AicheckStatus', modeline = false, data = new })
  vim.cmd.redrawstatus({ bang = true })
end

---@return aicheck.Status?
function M.get()
  return status
end

---@return string
function M.text()
  if not require('aicheck.client').get() then
    return ''
  elseif not status then
    return 'aicheck'
  end
  return ('aicheck %d'):format(status.outputs) .. (status.suspect > 0 and (', %d suspect'):format(status.suspect) or '')
end

return M
