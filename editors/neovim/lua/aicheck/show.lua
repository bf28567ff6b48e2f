--- The log and its outputs, as text.
local M = {}

local client = require('aicheck.client')
local scratch = require('aicheck.scratch')

---@param record table<string, any> an output in the log
---@return string
function M.line(record)
  local codes = {}
  for _, finding in ipairs(record.findings or {}) do
    table.insert(codes, finding.code)
  end
  local who = vim.trim(('%s %s'):format(record.agent or '', record.model or ''))
  local words = {
    (record.time or ''):sub(1, 19):gsub('T', ' '),
    ('%-9s'):format(record.verdict or ''),
    who ~= '' and who or record.attribution or '',
    record.path or '',
    table.concat(codes, ' '),
    (record.mark or '') ~= '' and ('[%s]'):format(record.mark) or '',
  }
  return vim.fn.strtrans(vim.trim(table.concat(words, '  '))) -- a name may hold a line break, or turn its letters round
end

---@param records table<string, any>[] newest first
function M.log(records)
  if #records == 0 then
    client.say('the log holds no outputs yet')
    return
  end
  local bufnr = scratch.open('log', vim.tbl_map(M.line, records))
  vim.keymap.set('n', '<CR>', function()
    M.output(records[vim.api.nvim_win_get_cursor(0)[1]].id)
  end, { buffer = bufnr, desc = 'Show this output' })
end

---@param id string of an output
function M.output(id)
  client.run('copyEvidence', { id }, function(text)
    if (text or '') == '' then
      client.say(('the log has no output %s'):format(id), vim.log.levels.WARN)
    else
      scratch.open('output ' .. id, vim.split(vim.trim(text), '\n'), 'markdown')
    end
  end)
end

return M
