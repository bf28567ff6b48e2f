-- An agent rewrites files on disk: one that its hook logged, one that nobody logged, one that the user has changed.
local s = require('scenario')
vim.lsp.enable('aicheck')
local logged = s.edit('logged.py', s.HEAD)
local plain = s.edit('plain.py', s.HEAD)
local dirty = s.edit('dirty.py', s.HEAD)
vim.api.nvim_buf_set_lines(dirty, 0, 0, true, { '# mine' })

local payload = vim.json.encode({
  session_id = 's1',
  transcript_path = '/x/.claude/projects/p/s1.jsonl',
  cwd = s.work,
  hook_event_name = 'PostToolUse',
  tool_name = 'Write',
  tool_use_id = 'toolu_1',
  tool_input = { file_path = s.work .. '/logged.py', content = s.HEAD .. s.BAD },
  tool_response = { type = 'update', filePath = s.work .. '/logged.py', originalFile = s.HEAD },
})
local script =
  'printf \'%s\' "$1" > logged.new && mv logged.new logged.py && printf \'%s\' "$1" > dirty.py; aicheck hook'
vim.system({ 'sh', '-c', script, 'sh', s.HEAD .. s.BAD }, { stdin = payload, cwd = s.work }):wait()
s.wait_for_findings(logged, { 'IMP001:9' })
vim
  .system({ 'sh', '-c', 'printf %s "$1" > plain.py', 'sh', s.HEAD .. s.BAD:gsub('json', 'sys') }, { cwd = s.work })
  :wait()
s.wait_for_findings(plain, { 'IMP001:9' })
local why = {}
for _, bufnr in ipairs({ logged, plain }) do
  local data = vim.diagnostic.get(bufnr)[1].user_data.lsp
  local words = data.relatedInformation[1].message:gsub(data.data.output, 'ID')
  table.insert(why, words)
end
s.report({ dirty = s.text(dirty), why = why })
