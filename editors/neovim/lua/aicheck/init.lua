--- What users and other plugins call.
local M = {}

---@class aicheck.Origin Whose text it is.
---@field agent string for example 'copilot'
---@field model? string
---@field session? string
---@field kind? 'completion'|'chat'|'agent'|'paste' 'completion' by default

---@class aicheck.Options
---@field disk? boolean load files again that agents rewrote on disk
---@field own? boolean tell the server what was yanked or read, so that it is not taken for an AI's
---@field plugins? boolean listen to the events of AI plugins
---@field trusted? string[] folders: in projects below them the project's own tools and libraries may be run

---@type aicheck.Options
local options = { disk = true, own = true, plugins = true, trusted = {} }
local started = false

--- Set options and enable the server. Without it, `vim.lsp.enable('aicheck')` does.
---@param given? aicheck.Options
function M.setup(given)
  for name, value in pairs(given or {}) do
    if type(value) ~= type(options[name]) then
      error(("aicheck: '%s' is no option, or of another type; disk, own, plugins, trusted"):format(name), 2)
    end
    options[name] = value
  end
  require('aicheck.trust').folders = options.trusted
  vim.lsp.enable('aicheck')
end

--- Say beforehand that the next change of a buffer will be an AI's: call it just before
--- you accept a completion. Nothing is sent if no change comes.
---@param origin aicheck.Origin|string an agent's name is enough
---@param bufnr? integer the current buffer by default
function M.expect(origin, bufnr)
  origin = type(origin) == 'string' and { agent = origin } or origin --[[@as aicheck.Origin]]
  require('aicheck.insertions').expect(require('aicheck.client').buffer(bufnr), origin)
end

--- For a statusline: today's outputs and how many of them are suspect.
---@return string
function M.statusline()
  return require('aicheck.status').text()
end

---@param bufnr integer
function M.attached(bufnr)
  require('aicheck.early').tell(bufnr)
  if options.disk then
    require('aicheck.disk').watch(bufnr)
  end
  if started then
    return
  end
  started = true
  if options.own then
    require('aicheck.own').start()
  end
  if options.plugins then
    require('aicheck.plugins').start()
  end
end

return M
