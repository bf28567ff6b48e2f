-- The server is killed: it comes back by itself with its findings, but not for ever.
local s = require('scenario')
vim.lsp.config('aicheck', { settings = { aicheck = { scope = 'all' } } })
vim.lsp.enable('aicheck')
local bufnr = s.edit('a.py', 'x = json.dumps(1)\n')
s.wait_for_findings(bufnr, { 'IMP001:1' })

local function kill()
  local client = s.attached(bufnr)
  for _, process in ipairs(vim.api.nvim_get_proc_children(vim.uv.os_getpid())) do
    vim.uv.kill(process, 'sigkill')
  end
  s.wait('the end of the connection', function()
    return vim.lsp.get_client_by_id(client.id) == nil
  end)
end

for _ = 1, 2 do
  kill()
  s.attached(bufnr)
  s.wait_for_findings(bufnr, { 'IMP001:1' })
end
kill()
s.wait('a message', function()
  return s.said[#s.said]:find('left stopped')
end)
local running = #vim.lsp.get_clients()
vim.cmd('Aicheck restart')
s.attached(bufnr)
s.wait_for_findings(bufnr, { 'IMP001:1' })
local id = s.attached(bufnr).id
vim.cmd('Aicheck restart')
assert(s.attached(bufnr).id ~= id)
s.wait_for_findings(bufnr, { 'IMP001:1' })
s.report({ running = running })
