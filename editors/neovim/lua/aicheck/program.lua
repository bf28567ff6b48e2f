--- The program `aicheck`: where it is, and how it is run.
local M = {}

local trust = require('aicheck.trust')

local WINDOWS = vim.fn.has('win32') == 1
local LIST = WINDOWS and ';' or ':'

---@param list string
---@return string[] its folders, without those that depend on where one is
local function folders(list)
  return vim.tbl_filter(function(folder)
    return folder:match(WINDOWS and '^%a:[/\\]' or '^/') ~= nil
  end, vim.split(list, LIST, { plain = true }))
end

---@param list string
---@return string the list without the folders of projects that are not trusted
local function allowed(list)
  local kept = vim.tbl_filter(function(folder)
    return not trust.forbids(folder)
  end, folders(list))
  return table.concat(kept, LIST)
end

---@return string? program on the PATH, which is none of a project that is not trusted
---@return string? refused the one that is
function M.find()
  local name = WINDOWS and 'aicheck.exe' or 'aicheck'
  local refused
  for _, folder in ipairs(folders(vim.env.PATH or '')) do
    local program = folder .. '/' .. name
    if vim.fn.executable(program) == 1 then
      if not trust.forbids(program) then
        return program
      end
      refused = refused or program
    end
  end
  return nil, refused
end

---How programs are started: not in the project, whose files interpreters would take for modules and settings,
---and without paths into a project that is not trusted.
---@return { cwd: string, env: table<string, string> }
function M.options()
  local env = { PYTHONSAFEPATH = '1', PATH = allowed(vim.env.PATH or '') }
  for _, name in ipairs({ 'PYTHONPATH', 'PYTHONHOME', 'PYTHONSTARTUP', 'PYTHONUSERBASE' }) do
    env[name] = vim.env[name] and allowed(vim.env[name])
  end
  return { cwd = vim.env.VIMRUNTIME, env = env }
end

---@param command string[] begins with a program's whole path
---@return vim.SystemCompleted
function M.run(command)
  local options = vim.tbl_extend('error', M.options(), { text = true, timeout = 20000 })
  return vim.system(command, options --[[@as vim.SystemOpts]]):wait()
end

return M
