-- No server, then one that ends at once: each is said, and not for every file.
local s = require('scenario')
local path = vim.env.PATH
vim.env.PATH = '/nowhere'
vim.lsp.enable('aicheck')
for number = 1, 3 do
  vim.cmd.edit(s.write(number .. '.py', 'x = 1\n'))
end
vim.cmd('Aicheck status')
vim.cmd('Aicheck log')
vim.cmd('Aicheck explain TRU001')
local missing = vim.list_slice(s.said)
vim.cmd.checkhealth('aicheck')
local health = vim.api.nvim_buf_get_lines(0, 0, -1, true)
vim.cmd.bwipeout()
vim.env.PATH = path
vim.lsp.config('aicheck', { cmd = { 'false' } })
vim.cmd.edit(s.write('4.py', 'x = 1\n'))
s.wait('a message', function()
  return s.said[#s.said]:find('left stopped')
end)
for number = 5, 7 do
  vim.cmd.edit(s.write(number .. '.py', 'x = 1\n'))
end
vim.wait(1000)
s.report({ missing = missing, health = health })
