-- AI-written text that plugins announce, as they announce it: who, and exactly which text.
local s = require('scenario')
vim.lsp.enable('aicheck')
require('aicheck')
local outputs = 0

---@param count integer
local function wait_for_outputs(count)
  outputs = outputs + count
  s.wait(outputs .. ' outputs', function()
    local status = require('aicheck.status').get()
    return status and status.outputs == outputs
  end)
end

---@param data table
local function fire(event, data)
  vim.api.nvim_exec_autocmds('User', { pattern = event, modeline = false, data = data })
end

-- a completion shorter than the server's own eyes see, in the middle of a line, behind wide characters
local first = s.edit('first.py', 'x = "ÿ€𝒳" + y\n')
require('aicheck').expect({ agent = 'copilot', model = 'm1' })
vim.api.nvim_buf_set_text(first, 0, #'x = "ÿ€𝒳" + ', 0, #'x = "ÿ€𝒳" + ', { 'str(1) + ' })
wait_for_outputs(1)

-- announced, and nothing came; then text that a person types
require('aicheck').expect('nobody')
vim.wait(2300)
vim.api.nvim_buf_set_lines(first, 1, 1, true, { 'z = 2' })

-- CodeCompanion of 2025: the buffer is only in the request's event, the text comes after "finished"
local second = s.edit('second.py', s.HEAD)
local adapter = { name = 'anthropic', formatted_name = 'Anthropic', model = 'sonnet' }
fire('CodeCompanionRequestStarted', { bufnr = second, adapter = adapter, strategy = 'inline' })
fire('CodeCompanionInlineFinished', {})
vim.schedule(function()
  vim.api.nvim_buf_set_lines(second, -1, -1, true, s.lines(s.BAD))
end)
wait_for_outputs(1)

-- CodeCompanion of 2026: the whole buffer is set
local third = s.edit('third.py', s.HEAD)
fire('CodeCompanionInlineStarted', { id = 1, bufnr = third, adapter = { name = 'openai', model = { name = 'gpt-x' } } })
fire('CodeCompanionInlineFinished', { id = 1, bufnr = third })
vim.api.nvim_buf_set_lines(third, 0, -1, true, s.lines(s.HEAD .. s.BAD))
wait_for_outputs(1)

-- claudecode.nvim: a diff is shown, the user types elsewhere in the file and writes it, then accepts; Claude Code writes
local fourth = s.edit('fourth.py', s.HEAD)
local path = vim.api.nvim_buf_get_name(fourth)
fire('ClaudeCodeDiffOpened', { tab_name = 't', file_path = path })
vim.api.nvim_buf_set_lines(fourth, 0, 0, true, { '# mine' })
vim.cmd.write()
fire('ClaudeCodeDiffClosed', { tab_name = 't', file_path = path, reason = 'file saved' })
s.write('fourth.py', '# mine\n' .. s.HEAD .. s.BAD)
wait_for_outputs(1)

-- a rejected one, and a change on disk after it that is the user's (too short for the server's own eyes)
fire('ClaudeCodeDiffOpened', { tab_name = 't', file_path = path })
fire('ClaudeCodeDiffClosed', { tab_name = 't', file_path = path, reason = 'diff rejected' })
s.write('fourth.py', '# mine too\n' .. s.HEAD .. s.BAD)
s.wait('the reload', function()
  return vim.startswith(s.text(fourth), '# mine too')
end)
vim.wait(1000)
s.report({ outputs = require('aicheck.status').get().outputs })
