if vim.g.loaded_aicheck then
  return
end
vim.g.loaded_aicheck = true

if vim.fn.has('nvim-0.11') == 0 then
  vim.notify_once('aicheck needs Neovim 0.11 or newer', vim.log.levels.ERROR)
  return
end

vim.api.nvim_create_user_command('Aicheck', function(given)
  require('aicheck.command').run(given)
end, {
  nargs = '*',
  desc = 'aicheck: log, report, findings, server',
  complete = function(_, line)
    return require('aicheck.command').complete(line)
  end,
})

vim.api.nvim_create_autocmd('LspAttach', {
  group = vim.api.nvim_create_augroup('aicheck', {}),
  desc = 'aicheck: watch for AI-written text',
  callback = function(event)
    local client = vim.lsp.get_client_by_id(event.data.client_id)
    if client and client.name == 'aicheck' then
      require('aicheck').attached(event.buf)
    end
  end,
})
