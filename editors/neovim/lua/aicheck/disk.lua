--- Files that agents rewrite on disk: their buffers are loaded again at once, so that the server sees it.
local M = {}

---Writers need a moment between the first byte and the last.
local SETTLE_MS = 50

local watchers = {} ---@type table<string, uv.uv_fs_event_t>
local pending ---@type uv.uv_timer_t?

---@param bufnr integer
---@return boolean
local function reloads(bufnr)
  local autoread = vim.bo[bufnr].autoread
  if autoread == nil then -- not set for this buffer
    autoread = vim.go.autoread
  end
  return autoread and not vim.bo[bufnr].modified and vim.uv.fs_stat(vim.api.nvim_buf_get_name(bufnr)) ~= nil
end

---Load a buffer again if its file has changed. Buffers with changes of their own are left to Neovim's question.
---@param bufnr integer
function M.check(bufnr)
  if vim.api.nvim_buf_is_loaded(bufnr) and reloads(bufnr) then
    vim.cmd.checktime({ tostring(bufnr), mods = { silent = true } })
  end
end

local function check_all()
  for _, client in ipairs(vim.lsp.get_clients({ name = 'aicheck' })) do
    for bufnr in pairs(client.attached_buffers) do
      M.check(bufnr)
    end
  end
end

local function check_soon()
  pending = pending or assert(vim.uv.new_timer())
  pending:start(SETTLE_MS, 0, vim.schedule_wrap(check_all))
end

---@param bufnr integer
function M.watch(bufnr)
  local folder = vim.fs.dirname(vim.api.nvim_buf_get_name(bufnr))
  if watchers[folder] or not vim.uv.fs_stat(folder) then
    return
  end
  local watcher = assert(vim.uv.new_fs_event())
  local good, problem = watcher:start(folder, {}, check_soon)
  if good then
    watchers[folder] = watcher
  else
    watcher:close()
    vim.notify_once(
      ("aicheck: can't watch folders (%s). What agents write there is loaded when you come back to Neovim"):format(
        problem
      ),
      vim.log.levels.WARN
    )
  end
end

return M
