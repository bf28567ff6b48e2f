--- Text that the user yanks or reads from a file: the server must not take it for an AI's where it is put.
local M = {}

---Shorter text is never taken for an AI's; longer text nobody yanks to put it somewhere.
local MIN_LINES, MAX_BYTES = 3, 500000

---@param lines string[]
local function tell(lines)
  local text = table.concat(lines, '\n')
  if #lines < MIN_LINES or #text > MAX_BYTES then
    return
  end
  for _, client in ipairs(vim.lsp.get_clients({ name = 'aicheck' })) do
    client:notify('aicheck/own', { text = text })
  end
end

function M.start()
  vim.api.nvim_create_autocmd('TextYankPost', {
    group = 'aicheck',
    callback = function()
      tell(vim.v.event.regcontents)
    end,
  })
  vim.api.nvim_create_autocmd('FileReadPre', { -- :read FILE
    group = 'aicheck',
    callback = function(event)
      local size = vim.fn.getfsize(event.file)
      if size > 0 and size <= MAX_BYTES and vim.fn.filereadable(event.file) == 1 then
        tell(vim.fn.readfile(event.file))
      end
    end,
  })
end

return M
