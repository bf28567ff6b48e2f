--- What scenarios share: waiting, what was said to the user, the report to the test.
local M = {}

local SECONDS = 60

M.said = {} ---@type string[]
local once = {}

local function note(message)
  table.insert(M.said, message)
end
vim.notify = note
vim.notify_once = function(message)
  if not once[message] then
    once[message] = true
    note(message)
  end
end

---Run a scenario as soon as Neovim has started; what it raises ends Neovim.
---@param path string
function M.start(path)
  vim.schedule(function()
    local good, problem = xpcall(dofile, debug.traceback, path)
    if not good then
      io.stderr:write(problem .. '\n')
      vim.cmd.cquit({ count = 3, bang = true })
    end
  end)
end

M.work = vim.fn.getcwd()
M.folder = vim.fs.dirname(M.work)

---@return any what the test hands over
function M.given()
  return vim.json.decode(table.concat(vim.fn.readfile(M.folder .. '/given.json'), '\n'))
end

---Wait until a condition holds, and return what it returns.
---@generic T
---@param what string
---@param condition fun(): T
---@return T
function M.wait(what, condition)
  local result
  local done = vim.wait(SECONDS * 1000, function()
    result = condition()
    return result and true or false
  end, 10)
  if not done then
    error(
      ('waited in vain for %s; said: %s; messages: %s'):format(what, vim.inspect(M.said), vim.fn.execute('messages')),
      2
    )
  end
  return result
end

---@param path string below the work folder
---@param text string
---@return string the whole path
function M.write(path, text)
  local whole = M.work .. '/' .. path
  local file = assert(io.open(whole, 'w'))
  file:write(text)
  file:close()
  return whole
end

---Write a file and edit it; returns when the server has answered.
---@param path string
---@param text string
---@return integer bufnr
function M.edit(path, text)
  vim.cmd.edit(M.write(path, text))
  local bufnr = vim.api.nvim_get_current_buf()
  M.attached(bufnr)
  return bufnr
end

---@param bufnr integer
---@return vim.lsp.Client
function M.attached(bufnr)
  return M.wait('the server', function()
    local client = vim.lsp.get_clients({ name = 'aicheck', bufnr = bufnr })[1]
    return client and client.initialized and client
  end)
end

---@param bufnr integer
---@return string[] code and line, from 1
function M.findings(bufnr)
  return vim.tbl_map(function(one)
    return ('%s:%d'):format(one.code, one.lnum + 1)
  end, vim.diagnostic.get(bufnr))
end

---@param bufnr integer
---@param wanted string[]
function M.wait_for_findings(bufnr, wanted)
  local there
  local good, problem = pcall(M.wait, 'findings', function()
    there = M.findings(bufnr)
    return vim.deep_equal(there, wanted)
  end)
  if not good then
    error(('%s: wanted %s, there are %s'):format(problem, vim.inspect(wanted), vim.inspect(there)), 2)
  end
end

---@param bufnr integer
---@return string
function M.text(bufnr)
  return table.concat(vim.api.nvim_buf_get_lines(bufnr, 0, -1, true), '\n') .. '\n'
end

---Hand a report to the test and leave as a user does; the server gets its time to write the log.
---@param report table
function M.report(report)
  report.said = M.said
  for _, client in ipairs(vim.lsp.get_clients()) do
    client:stop()
  end
  vim.wait(10000, function()
    return #vim.lsp.get_clients() == 0
  end, 10)
  local file = assert(io.open(M.folder .. '/report.json', 'w'))
  file:write(vim.json.encode(report))
  file:close()
  vim.cmd.qall({ bang = true })
end

M.HEAD = 'import os\n\n\ndef first(x):\n    return os.fspath(x)\n'
M.BAD = '\n\ndef second(x):\n    y = json.dumps(x)\n    return y\n'

---@param text string ending in a line break
---@return string[]
function M.lines(text)
  return vim.split(text:gsub('\n$', ''), '\n')
end

return M
