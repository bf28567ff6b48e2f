--- :Aicheck
local M = {}

local client = require('aicheck.client')
local count = require('aicheck.words').count

---@class aicheck.Subcommand
---@field run fun(arguments: string[])
---@field complete? string[] its first argument

---The finding at the cursor, as the server sent it; the nearest one of the line.
---@return lsp.Diagnostic?
local function finding()
  local row, col = unpack(vim.api.nvim_win_get_cursor(0))
  local here = vim.tbl_filter(function(one)
    return one.source == 'aicheck'
  end, vim.diagnostic.get(0, { lnum = row - 1 }))
  table.sort(here, function(one, other)
    return math.abs(one.col - col) < math.abs(other.col - col)
  end)
  if not here[1] then
    client.say('no finding in this line', vim.log.levels.WARN)
  end
  return here[1] and here[1].user_data.lsp
end

---Do something with the output that the finding at the cursor is in.
---@param act fun(output: string, found: lsp.Diagnostic)
local function with_output(act)
  local found = finding()
  if not found then
    return
  end
  local output = (found.data or {}).output
  if output then
    act(output, found)
  else
    client.say('this finding is in no logged output', vim.log.levels.WARN)
  end
end

---@param name string of a client command
---@return fun()
local function action(name)
  return function()
    with_output(function(output, found)
      local start = found.range.start
      local place = { uri = vim.uri_from_bufnr(0), code = found.code, line = start.line, character = start.character }
      local command = { command = name, arguments = { output, ('%s: %s'):format(found.code, found.message), place } }
      local running = assert(client.get(0))
      running:exec_cmd(command --[[@as lsp.Command]], { bufnr = 0 })
    end)
  end
end

---@param arguments string[]
local function explain(arguments)
  local code = arguments[1]
  if not code then
    local found = finding()
    code = found and found.code --[[@as string?]]
  end
  if not code then
    return
  end
  local program = client.program() or require('aicheck.program').find()
  if not program then
    client.say("'aicheck' is not there to be run, see :checkhealth aicheck", vim.log.levels.ERROR)
    return
  end
  local done = require('aicheck.program').run({ program, 'explain', '--', code })
  if done.code == 0 then
    require('aicheck.scratch').open(code, vim.split(vim.trim(done.stdout), '\n'), 'markdown')
  else
    client.say((vim.trim(done.stderr):gsub('^aicheck: ', '')), vim.log.levels.ERROR)
  end
end

---@param counts { files: integer, checked: integer, suspect: integer }
local function checked(counts)
  if counts.files == 0 then
    client.say(
      'no files to check: a project is a folder with aicheck.toml, pyproject.toml or .git',
      vim.log.levels.WARN
    )
    return
  end
  client.say(('%s checked, %d suspect'):format(count(counts.checked, 'file'), counts.suspect))
  local running = client.get()
  if running then
    local pushed, pulled =
      vim.lsp.diagnostic.get_namespace(running.id), vim.lsp.diagnostic.get_namespace(running.id, true)
    vim.diagnostic.setqflist({ namespace = { pushed, pulled }, open = counts.suspect > 0, title = 'aicheck' })
  end
end

---@type table<string, aicheck.Subcommand>
local subcommands = {
  check = {
    run = function()
      client.run('checkWorkspace', {}, checked)
    end,
  },
  confirm = { run = action('aicheck.confirm') },
  dismiss = { run = action('aicheck.dismiss') },
  evidence = { run = action('aicheck.copyEvidence') },
  explain = { run = explain },
  log = {
    run = function(arguments)
      client.run('showLog', { tonumber(arguments[1]) or 100 }, require('aicheck.show').log)
    end,
  },
  output = {
    run = function()
      with_output(require('aicheck.show').output)
    end,
  },
  report = {
    complete = { 'html', 'markdown', 'json' },
    run = function(arguments)
      client.run('report', { arguments[1] or 'html' }, function(path)
        client.say('report written to ' .. path)
      end)
    end,
  },
  restart = { run = client.restart },
  status = {
    run = function()
      local status = require('aicheck.status').get()
      local running = client.get(0) and 'running for this buffer' or client.get() and 'running' or 'not running'
      local counts = status and (', %s today, %d suspect'):format(count(status.outputs, 'output'), status.suspect) or ''
      client.say(('server %s%s'):format(running, counts))
    end,
  },
}

---@param words string[]
---@param start string
---@return string[]
local function beginning(words, start)
  return vim.tbl_filter(function(word)
    return vim.startswith(word, start)
  end, words)
end

---@param given { fargs: string[] }
function M.run(given)
  local name = given.fargs[1] or 'status'
  local subcommand = subcommands[name]
  if subcommand then
    subcommand.run(vim.list_slice(given.fargs, 2))
  else
    client.say(
      ("no subcommand '%s'; there are %s"):format(name, table.concat(M.complete('Aicheck '), ', ')),
      vim.log.levels.ERROR
    )
  end
end

---@param line string as typed so far
---@return string[]
function M.complete(line)
  local words = vim.split(line, '%s+')
  if #words <= 2 then
    local names = vim.tbl_keys(subcommands)
    table.sort(names)
    return beginning(names, words[2] or '')
  end
  local subcommand = subcommands[words[2]]
  return #words == 3 and beginning(subcommand and subcommand.complete or {}, words[3]) or {}
end

return M
