-- vim.lsp.inline_completion of Neovim 0.12, with a server that completes.
local s = require('scenario')
vim.lsp.enable('aicheck')
local item = {
  insertText = 'return x +\\\n    1',
  range = { start = { line = 1, character = 4 }, ['end'] = { line = 1, character = 4 } },
}
local function completer()
  local results = {
    initialize = { capabilities = { inlineCompletionProvider = true, positionEncoding = 'utf-16' } },
    ['textDocument/inlineCompletion'] = { items = { item } },
  }
  local closing = false
  return {
    request = function(method, _, callback)
      vim.schedule(function()
        callback(nil, results[method])
      end)
      return true, 1
    end,
    notify = function()
      return true
    end,
    is_closing = function()
      return closing
    end,
    terminate = function()
      closing = true
    end,
  }
end
local bufnr = s.edit('a.py', 'def f(x):\n    \n')
vim.lsp.start({ name = 'copilot', cmd = completer, root_dir = s.work })
vim.lsp.inline_completion.enable(true)
vim.api.nvim_win_set_cursor(0, { 2, 4 })
vim.api.nvim_feedkeys('A', 'n', false)
vim.defer_fn(function()
  vim.api.nvim_exec_autocmds('InsertEnter', { buffer = bufnr })
  local accepted = false
  local function accept()
    accepted = accepted or vim.lsp.inline_completion.get()
    local status = require('aicheck.status').get()
    if status then
      s.report({ accepted = accepted, outputs = status.outputs, text = s.text(bufnr) })
    else
      vim.defer_fn(accept, 50)
    end
  end
  accept()
end, 100)
