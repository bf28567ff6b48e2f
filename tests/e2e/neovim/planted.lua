-- A project that brings modules, programs and settings along: the server runs, and nothing of them.
local s = require('scenario')
vim.fn.mkdir(s.work .. '/.git')
vim.fn.mkdir(s.work .. '/bin')
local witness = s.folder .. '/ran'
for _, name in ipairs({ 'json', 'select', 'fcntl', 'subprocess', 'aicheck_app', 'sitecustomize', 'encodings', 'click' }) do
  s.write(name .. '.py', ('open(%q, "a").write(__name__ + "\\n")\n'):format(witness))
end
for _, name in ipairs({ 'aicheck', 'python3', 'git' }) do
  local program = s.write('bin/' .. name, ('#!/bin/sh\necho %s >> %q\n'):format(name, witness))
  vim.uv.fs_chmod(program, 448)
end
local path = vim.env.PATH
vim.env.PATH = table.concat({ '', '.', 'bin', s.work .. '/bin' }, ':')
vim.env.PYTHONPATH = ''
vim.lsp.enable('aicheck')
vim.cmd.edit(s.write('a.py', s.HEAD))
local refused = vim.list_slice(s.said)
vim.env.PATH = vim.env.PATH .. ':' .. path
s.edit('b.py', s.HEAD)
vim.cmd('Aicheck explain TRU001')
vim.cmd.checkhealth('aicheck')
local running = assert(vim.lsp.get_clients({ name = 'aicheck' })[1])
s.report({
  refused = refused,
  root = running.root_dir,
  ran = vim.fn.filereadable(witness) == 1 and vim.fn.readfile(witness) or {},
})
