-- All that `vim.lsp.enable('aicheck')` needs; change any of it with `vim.lsp.config('aicheck', ...)`.

---@type vim.lsp.Config
return {
  cmd = require('aicheck.client').start, -- a list that can't be run is passed over in silence
  cmd_cwd = vim.env.VIMRUNTIME, -- for a list of the user's: not the project, whose files would be taken for modules
  cmd_env = { PYTHONSAFEPATH = '1' },
  filetypes = require('aicheck.filetypes'),
  root_markers = { 'aicheck.toml', 'pyproject.toml', '.git' },
  root_dir = function(bufnr, on_dir)
    require('aicheck.client').root(bufnr, on_dir)
  end,
  settings = { aicheck = vim.empty_dict() },
  init_options = { hidden = true },
  commands = require('aicheck.actions'),
  handlers = {
    ['workspace/configuration'] = function(...)
      return require('aicheck.client').configuration(...)
    end,
    ['aicheck/hidden'] = function(_, told)
      require('aicheck.client').hidden(told)
    end,
    ['aicheck/status'] = function(_, status)
      require('aicheck.status').set(status)
    end,
  },
  on_exit = function(code, signal)
    require('aicheck.client').exited(code, signal)
  end,
}
