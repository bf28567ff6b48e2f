--- :checkhealth aicheck
local M = {}

local health = vim.health
local words = require('aicheck.words')

---@return boolean
local function neovim()
  if vim.fn.has('nvim-0.11') == 0 then
    health.error('Neovim is older than 0.11', 'Install a newer Neovim')
    return false
  end
  health.ok(('Neovim %s'):format(vim.version()))
  return true
end

---@param program string
local function doctor(program)
  local done = require('aicheck.program').run({ program, 'doctor' })
  local lines = vim.split(vim.trim(done.stdout or ''), '\n')
  if done.code ~= 0 and not (done.stdout or ''):find('problem') then
    health.error(('%s doctor failed: %s'):format(program, vim.trim(done.stderr or '')), 'Install it again')
    return
  end
  health.ok(('server: %s (%s)'):format(lines[1], program))
  for _, line in ipairs(vim.list_slice(lines, 2)) do
    local kind, text = line:match('^(%S+)%s+(.*)$')
    health[kind == 'problem' and 'warn' or 'ok'](text or line)
  end
end

---Findings are marked by whatever 'vim.diagnostic' shows; Neovim 0.11 shows no words by itself.
local function shown()
  local config = vim.diagnostic.config() or {}
  if config.virtual_text or config.virtual_lines then
    health.ok('messages are shown beside the text')
  else
    health.info('messages are not shown beside the text: vim.diagnostic.config({ virtual_text = true })')
  end
end

local function attached()
  if not vim.lsp.is_enabled('aicheck') then
    health.warn('the server is not enabled', "Put vim.lsp.enable('aicheck') into your init.lua")
    return
  end
  local clients = vim.lsp.get_clients({ name = 'aicheck' })
  if #clients == 0 then
    health.info('enabled, not running: no file that it checks is open')
  end
  for _, client in ipairs(clients) do
    local count = vim.tbl_count(client.attached_buffers)
    health.ok(('running for %s of %s'):format(words.count(count, 'buffer'), client.root_dir or 'no project'))
  end
end

function M.check()
  health.start('aicheck')
  if not neovim() then
    return
  end
  local client = require('aicheck.client')
  local program, missing = client.program()
  if program then
    doctor(program)
  elseif not missing then
    health.info('the server is started by a function of yours')
  else
    health.error(missing, client.INSTALL)
  end
  attached()
  shown()
end

return M
