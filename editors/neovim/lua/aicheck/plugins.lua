--- Events of AI plugins that say when AI-written text comes, and from whom.
local M = {}

local insertions = require('aicheck.insertions')

---claudecode.nvim shows a diff until the user decides, then Claude Code writes the file.
local REVIEW_MS, WRITE_MS = 600000, 10000

---@type { bufnr?: integer, adapter?: { name?: string, model?: any } }
local request = {}

---@param pattern string|string[]
---@param callback fun(data: table)
local function on(pattern, callback)
  vim.api.nvim_create_autocmd('User', {
    group = 'aicheck',
    pattern = pattern,
    callback = function(event)
      callback(event.data or {})
    end,
  })
end

local function codecompanion()
  on({ 'CodeCompanionRequestStarted', 'CodeCompanionInlineStarted' }, function(data)
    request = { bufnr = data.bufnr or request.bufnr, adapter = data.adapter or request.adapter }
  end)
  on('CodeCompanionInlineFinished', function(data)
    local adapter = request.adapter or {}
    local model = type(adapter.model) == 'table' and adapter.model.name or adapter.model
    local bufnr = data.bufnr or request.bufnr or vim.api.nvim_get_current_buf()
    insertions.expect(bufnr, { agent = 'codecompanion', model = model, session = adapter.name, kind = 'chat' })
  end)
end

local function claudecode()
  local origin = { agent = 'claude-code', kind = 'agent' }
  on('ClaudeCodeDiffOpened', function(data)
    local bufnr = vim.fn.bufnr(data.file_path or '')
    if bufnr > 0 and vim.api.nvim_buf_is_loaded(bufnr) then
      insertions.expect(bufnr, origin, { wait = REVIEW_MS, by_reload = true })
    end
  end)
  on('ClaudeCodeDiffClosed', function(data)
    local bufnr = vim.fn.bufnr(data.file_path or '')
    if bufnr <= 0 or not vim.api.nvim_buf_is_loaded(bufnr) then
      return
    end
    if (data.reason or ''):find('reject') then
      insertions.cancel(bufnr)
    else
      insertions.expect(bufnr, origin, { wait = WRITE_MS, by_reload = true })
      require('aicheck.disk').check(bufnr)
    end
  end)
end

---`vim.lsp.inline_completion.get()` says whether it will put a completion (Neovim 0.12).
local function inline_completion()
  local module = vim.lsp.inline_completion
  if not module then
    return
  end
  local get = module.get
  module.get = function(opts)
    local bufnr = require('aicheck.client').buffer(opts and opts.bufnr)
    local accepted = get(opts)
    if accepted then
      local client = vim.lsp.get_clients({ bufnr = bufnr, method = 'textDocument/inlineCompletion' })[1]
      insertions.expect(bufnr, { agent = client and client.name or 'inline completion' })
    end
    return accepted
  end
end

function M.start()
  codecompanion()
  claudecode()
  inline_completion()
end

return M
