--- What the server last said of today's outputs.
local M = {}

---@class aicheck.Status
---@field outputs integer today's
---@field suspect integer of them
---@field verdict string of the newest output
---@field uri string its file
---@field changed string[]? what changed of late, and since when

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
  local suspect = status.suspect > 0 and (', %d suspect'):format(status.suspect) or ''
  local changed = status.changed and #status.changed > 0 and ', changed' or ''
  return ('aicheck %d'):format(status.outputs) .. suspect .. changed
end

return M
