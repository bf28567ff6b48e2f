--- The server and this editor's connections to it.
local M = {}

local program = require('aicheck.program')
local trust = require('aicheck.trust')

---After so many crashes within so many seconds the server is left stopped.
local CRASHES, SECONDS = 3, 180
---Neovim has forgotten the old connection by then.
local RESTART_MS = 300
local crashed = {} ---@type integer[]
local told_hidden = false

---A mere name is nothing to install: whoever registers it in a package index decides what it is.
M.INSTALL = 'Install it from a clone or the address of its repository (pipx install PATH_OR_URL_OF_AICHECK)'

---@param message string
---@param level? integer
function M.say(message, level)
  vim.notify('aicheck: ' .. vim.fn.strtrans(message), level or vim.log.levels.INFO)
end

---@param bufnr? integer 0 or nil for the current one
---@return integer
function M.buffer(bufnr)
  return bufnr and bufnr ~= 0 and bufnr or vim.api.nvim_get_current_buf()
end

---@param bufnr? integer
---@return vim.lsp.Client?
function M.get(bufnr)
  return vim.lsp.get_clients({ name = 'aicheck', bufnr = bufnr })[1]
end

---@param dispatchers vim.lsp.rpc.Dispatchers
---@return vim.lsp.rpc.PublicClient
function M.start(dispatchers)
  return vim.lsp.rpc.start({ assert(program.find()), 'lsp' }, dispatchers, program.options())
end

---@return string? program that runs the server, if there is one
---@return string? missing what to say where there is none; nil if the user starts the server in another way
function M.program()
  local cmd = (vim.lsp.config.aicheck or {}).cmd
  if cmd == M.start then
    local found, refused = program.find()
    return found,
      refused and ("'%s' is in a project that is not trusted, see :help aicheck-trusted"):format(refused)
        or "'aicheck' is not there to be run"
  elseif type(cmd) == 'table' then
    local path = vim.fn.exepath(cmd[1])
    return path ~= '' and path or nil, ("'%s' is not there to be run"):format(cmd[1])
  end
end

---Start the server for a buffer, unless it can't be; that is said once, not once a file.
---@param bufnr integer
---@param on_dir fun(root?: string)
function M.root(bufnr, on_dir)
  local root = vim.fs.root(bufnr, vim.lsp.config.aicheck.root_markers)
  trust.open(root)
  local found, missing = M.program()
  if missing and not found then
    local words = {
      ('aicheck: %s. %s, or say where it is:'):format(missing, M.INSTALL),
      "vim.lsp.config('aicheck', { cmd = { '/path/to/aicheck', 'lsp' } })",
    }
    vim.notify_once(table.concat(words, ' '), vim.log.levels.WARN)
  elseif #crashed < CRASHES then
    require('aicheck.early').watch(bufnr)
    on_dir(root)
  end
end

---A damaged file was opened by hand, and nothing is marked in it: say why, once.
---@param told { uri: string, findings: integer }
function M.hidden(told)
  if told_hidden then
    return
  end
  told_hidden = true
  local words = require('aicheck.words')
  M.say(
    ('%s in %s not shown: by default only AI-written text is. :Aicheck check shows all'):format(
      words.count(told.findings, 'problem'),
      vim.fs.basename(vim.uri_to_fname(told.uri))
    )
  )
end

---The settings that the server asks for, with whether the project is trusted. That is the user's word in `setup()`:
---other plugins merge settings that a project brings along into those of the server.
---@param problem lsp.ResponseError?
---@param params lsp.ConfigurationParams
---@param context lsp.HandlerContext
---@return any[]
function M.configuration(problem, params, context)
  local root = assert(vim.lsp.get_client_by_id(context.client_id)).root_dir
  local settings = vim.lsp.handlers['workspace/configuration'](problem, params, context)
  return vim.tbl_map(function(given)
    local told = vim.tbl_extend('force', vim.empty_dict(), type(given) == 'table' and given or {})
    told.trusted = trust.trusts(root) or nil
    return told
  end, settings)
end

---Start the server again after a crash, but not for ever: then only on `:Aicheck restart`.
---@param code integer
---@param signal integer
function M.exited(code, signal)
  local wanted = code == 0 and (signal == 0 or signal == 15)
  if wanted or vim.v.exiting ~= vim.NIL then
    return
  end
  local now = vim.uv.now()
  crashed = vim.tbl_filter(function(time)
    return now - time < SECONDS * 1000
  end, crashed)
  table.insert(crashed, now)
  vim.defer_fn(function()
    if #crashed < CRASHES then
      vim.lsp.enable('aicheck')
    else
      M.say(
        ('the server ended %d times and is left stopped. See :checkhealth aicheck, then :Aicheck restart'):format(
          CRASHES
        ),
        vim.log.levels.ERROR
      )
    end
  end, RESTART_MS)
end

---Stop the server and start it for all buffers.
function M.restart()
  crashed = {}
  local clients = vim.lsp.get_clients({ name = 'aicheck' })
  for _, client in ipairs(clients) do
    client:stop()
  end
  local function gone()
    return #vim.lsp.get_clients({ name = 'aicheck' }) == 0
  end
  if not vim.wait(2000, gone, 20) then
    for _, client in ipairs(clients) do
      client:stop(true)
    end
    vim.wait(1000, gone, 20)
  end
  vim.lsp.enable('aicheck')
end

---Run a command of the server; what went wrong is said.
---@param name string without 'aicheck.'
---@param arguments any[]
---@param done fun(result: any)
---@param client? vim.lsp.Client
function M.run(name, arguments, done, client)
  client = client or M.get(0) or M.get()
  if not client then
    M.say('the server is not running. Open a file that it checks, or see :checkhealth aicheck', vim.log.levels.WARN)
    return
  end
  local params = { command = 'aicheck.' .. name, arguments = arguments }
  client:request('workspace/executeCommand', params, function(problem, result)
    if problem then
      M.say(problem.message, vim.log.levels.ERROR)
    else
      done(result ~= vim.NIL and result or nil)
    end
  end)
end

return M
