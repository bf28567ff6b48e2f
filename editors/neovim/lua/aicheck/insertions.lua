--- AI-written text that something announced: what comes then is told to the server with range and version.
---
--- Nothing is sent of text that was not announced; that is left to the server's own eyes.
local M = {}

local change = require('aicheck.change')

---No change for so long means that the text has come; the server itself judges after 600 ms.
local QUIET_MS = 100
---What was announced and has not come within this time does not come.
local WAIT_MS = 2000

---@class aicheck.Expected
---@field origin aicheck.Origin
---@field before string[] the lines
---@field timer uv.uv_timer_t

local expected = {} ---@type table<integer, aicheck.Expected>

---@param lines string[]
---@param row integer from 0
---@param col integer bytes
---@param encoding string
---@return lsp.Position
local function position(lines, row, col, encoding)
  local line = lines[row + 1]
  return { line = row, character = line and vim.str_utfindex(line, encoding, math.min(col, #line)) or 0 }
end

---Tell the server that a part of a buffer is an output.
---@param bufnr integer
---@param origin aicheck.Origin
---@param part aicheck.Change
---@param lines string[] the buffer's
function M.send(bufnr, origin, part, lines)
  for _, client in ipairs(vim.lsp.get_clients({ name = 'aicheck', bufnr = bufnr })) do
    client:notify('aicheck/output', {
      uri = vim.uri_from_bufnr(bufnr),
      version = vim.lsp.util.buf_versions[bufnr],
      range = {
        start = position(lines, part.row, part.col, client.offset_encoding),
        ['end'] = position(lines, part.end_row, part.end_col, client.offset_encoding),
      },
      agent = origin.agent,
      model = origin.model or '',
      session = origin.session or '',
      kind = origin.kind or 'completion',
    })
  end
end

---@param bufnr integer
local function stop(bufnr)
  if expected[bufnr] then
    expected[bufnr].timer:close()
    expected[bufnr] = nil
  end
end

---@param bufnr integer
local function settle(bufnr)
  local one = expected[bufnr]
  stop(bufnr)
  if not one or not vim.api.nvim_buf_is_loaded(bufnr) then
    return
  end
  local lines = vim.api.nvim_buf_get_lines(bufnr, 0, -1, true)
  local part = change.between(one.before, lines)
  if part then
    M.send(bufnr, one.origin, part, lines)
  end
end

---@param bufnr integer
---@param milliseconds integer
local function settle_in(bufnr, milliseconds)
  local one = expected[bufnr]
  one.timer:stop()
  one.timer:start(
    milliseconds,
    0,
    vim.schedule_wrap(function()
      if expected[bufnr] == one then
        settle(bufnr)
      end
    end)
  )
end

---@param bufnr integer
---@param one aicheck.Expected
---@param by_reload boolean
local function watch(bufnr, one, by_reload)
  local function unless_over(act)
    return function()
      if expected[bufnr] ~= one then
        return true
      end
      act()
    end
  end
  local come = unless_over(function()
    settle_in(bufnr, QUIET_MS)
  end)
  local typed = unless_over(function()
    one.before = vim.api.nvim_buf_get_lines(bufnr, 0, -1, true)
  end)
  vim.api.nvim_buf_attach(bufnr, false, {
    on_lines = by_reload and typed or come,
    on_reload = come,
    on_detach = unless_over(function()
      stop(bufnr)
    end),
  })
end

---@class aicheck.When
---@field wait? integer milliseconds
---@field by_reload? boolean the text comes by a reload of the file; what is typed until then is the user's

---The next change of a buffer is an AI's. What was expected of it before is settled first.
---@param bufnr integer
---@param origin aicheck.Origin
---@param when? aicheck.When
function M.expect(bufnr, origin, when)
  if #vim.lsp.get_clients({ name = 'aicheck', bufnr = bufnr }) == 0 then
    return
  end
  when = when or {}
  settle(bufnr)
  local before = vim.api.nvim_buf_get_lines(bufnr, 0, -1, true)
  local one = { origin = origin, before = before, timer = assert(vim.uv.new_timer()) }
  expected[bufnr] = one
  watch(bufnr, one, when.by_reload or false)
  settle_in(bufnr, when.wait or WAIT_MS)
end

---What was announced will not come.
M.cancel = stop

return M
