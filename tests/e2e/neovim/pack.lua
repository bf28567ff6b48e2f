-- Installing with vim.pack (Neovim 0.12), as the README says; from a local repository.
local s = require('scenario')
local given = s.given()
vim.opt.rtp:remove(given.plugin)
vim.g.loaded_aicheck = nil
vim.api.nvim_del_user_command('Aicheck')
for name in pairs(package.loaded) do
  if vim.startswith(name, 'aicheck') then
    package.loaded[name] = nil
  end
end
vim.pack.add({ { src = given.src, name = 'aicheck' } }, {
  confirm = false,
  load = function(plugin)
    vim.opt.rtp:append(plugin.path .. '/editors/neovim')
    vim.cmd.runtime('plugin/aicheck.lua')
  end,
})
vim.lsp.enable('aicheck')
local bufnr = s.edit('a.py', s.HEAD)
vim.api.nvim_buf_set_lines(bufnr, -1, -1, true, s.lines(s.BAD))
s.wait_for_findings(bufnr, { 'IMP001:9' })
vim.cmd.help('aicheck')
local from = vim.api.nvim_buf_get_name(0)
s.report({ commands = vim.fn.exists(':Aicheck'), help = from:gsub('^.*/site/', '') })
