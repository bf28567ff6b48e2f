--- Lines that come at once before the server runs, which takes a second or two: it gets them with the text that it is
--- opened on, and could not see that they came. What it would take for an AI's is told to it once it is there.
local M = {}

---Shorter text is never taken for an AI's by its shape alone.
local MIN_LINES = 3
local NAMESPACE = vim.api.nvim_create_namespace('aicheck.early')

local watched = {} ---@type table<integer, true>
local yanked = {} ---@type string[]
local group = vim.api.nvim_create_augroup('aicheck.early', {})

---@param lines string[]
---@return string
local function joined(lines)
  return vim.trim(table.concat(lines, '\n'))
end

local function note_yanks()
  vim.api.nvim_create_autocmd('TextYankPost', {
    group = group,
    callback = function()
      table.insert(yanked, joined(vim.v.event.regcontents))
    end,
  })
  vim.api.nvim_create_autocmd('FileReadPre', { -- :read FILE
    group = group,
    callback = function(event)
      if vim.fn.filereadable(event.file) == 1 then
        table.insert(yanked, joined(vim.fn.readfile(event.file, '', 10000)))
      end
    end,
  })
end

---Whether lines that were put into a buffer were in it, or were yanked or read here.
---@param lines string[]
---@param before string
---@return boolean
local function own(lines, before)
  local text = joined(lines)
  return before:find(text, 1, true) ~= nil
    or vim.iter(yanked):any(function(one)
      return one:find(text, 1, true) ~= nil
    end)
end

---Note what comes into a buffer until `tell`.
---@param bufnr integer
function M.watch(bufnr)
  if watched[bufnr] or vim.lsp.get_clients({ name = 'aicheck', bufnr = bufnr })[1] then
    return
  end
  if next(watched) == nil then
    note_yanks()
  end
  watched[bufnr] = true
  local before = joined(vim.api.nvim_buf_get_lines(bufnr, 0, -1, true))
  vim.api.nvim_buf_attach(bufnr, false, {
    on_lines = function(_, _, _, first, last, new_last)
      if not watched[bufnr] then
        return true
      end
      local lines = vim.api.nvim_buf_get_lines(bufnr, first, new_last, true)
      if new_last - last >= MIN_LINES and not own(lines, before) then
        vim.api.nvim_buf_set_extmark(
          bufnr,
          NAMESPACE,
          first,
          0,
          { end_row = new_last, end_right_gravity = false, strict = false }
        )
      end
    end,
    on_reload = function() end, -- loaded again from disk: the server's to judge
  })
end

---The server has the buffer: tell it of what came before, as far as it is still there.
---@param bufnr integer
function M.tell(bufnr)
  if not watched[bufnr] then
    return
  end
  watched[bufnr] = nil
  if next(watched) == nil then
    vim.api.nvim_clear_autocmds({ group = group })
  end
  local lines = vim.api.nvim_buf_get_lines(bufnr, 0, -1, true)
  for _, mark in ipairs(vim.api.nvim_buf_get_extmarks(bufnr, NAMESPACE, 0, -1, { details = true })) do
    local row, end_row = mark[2], math.min(mark[4].end_row, #lines)
    if end_row - row >= MIN_LINES then
      local part = { row = row, col = 0, end_row = end_row, end_col = 0 }
      require('aicheck.insertions').send(bufnr, { agent = '', kind = 'paste' }, part, lines)
    end
  end
  vim.api.nvim_buf_clear_namespace(bufnr, NAMESPACE, 0, -1)
end

return M
