-- Every subcommand of :Aicheck, on one degraded insertion.
local s = require('scenario')
vim.lsp.enable('aicheck')
local report = { completed = {}, opened = {} }
for _, line in ipairs({
  'Aicheck ',
  'Aicheck re',
  'Aicheck report ',
  'Aicheck report m',
  'Aicheck log ',
  'Aicheck x y ',
}) do
  report.completed[line] = vim.fn.getcompletion(line, 'cmdline')
end
vim.cmd('Aicheck status')
vim.cmd('Aicheck log')
vim.cmd('Aicheck nonsense')

vim.fn.mkdir('.git')
local bufnr = s.edit('a.py', s.HEAD)
vim.cmd('Aicheck log')
s.wait('an empty log', function()
  return vim.list_contains(s.said, 'aicheck: the log holds no outputs yet')
end)
vim.cmd('Aicheck output')
vim.api.nvim_buf_set_lines(bufnr, -1, -1, true, s.lines(s.BAD))
s.wait_for_findings(bufnr, { 'IMP001:9' })
s.wait('the status', require('aicheck.status').get)
vim.api.nvim_win_set_cursor(0, { 9, 0 })
vim.cmd('Aicheck status')

---@param command string that opens a scratch window
---@return string[]
local function opened(command)
  vim.cmd(command)
  local shown = s.wait(command, function()
    return vim.startswith(vim.api.nvim_buf_get_name(0), 'aicheck://') and vim.api.nvim_get_current_buf()
  end)
  local name = vim.api.nvim_buf_get_name(shown):gsub('%x%x%x%x%x%x%x+', 'ID')
  report.opened[command] =
    { name = name, filetype = vim.bo.filetype, lines = vim.api.nvim_buf_get_lines(shown, 0, -1, true) }
  vim.api.nvim_feedkeys('q', 'x', false)
  assert(vim.api.nvim_get_current_buf() == bufnr)
end

opened('Aicheck explain')
opened('Aicheck explain TRU001')
vim.cmd('Aicheck explain NOPE')
opened('Aicheck output')
vim.cmd('Aicheck evidence')
report.evidence = s.wait('evidence', function()
  local text = vim.fn.getreg('"')
  return text:find('suspect', 1, true) and text
end)
vim.cmd('Aicheck confirm')
s.wait('the confirmation', function()
  return vim.list_contains(s.said, 'aicheck: confirmed in the log')
end)
vim.ui.input = function(opts, done)
  report.asked = opts
  done('only a test')
end
vim.cmd('Aicheck dismiss')
s.wait_for_findings(bufnr, {})
opened('Aicheck log 10')

s.write('b.py', 'x = json.dumps(1)\n')
s.write('c.py', 'x = 1\n')
vim.cmd('Aicheck check')
report.quickfix = s.wait('the quickfix list', function()
  local items = vim.fn.getqflist()
  return #items > 0
    and vim.tbl_map(function(item)
      return ('%s:%d %s'):format(vim.fs.basename(vim.fn.bufname(item.bufnr)), item.lnum, item.text)
    end, items)
end)
vim.ui.open = function(path)
  report.browsed = path
  return vim.system({ 'true' }), nil
end
vim.cmd('Aicheck report')
s.wait('the report in a browser', function()
  return report.browsed and s.said[#s.said]:find('report.html', 1, true)
end)
vim.cmd('Aicheck report markdown')
report.report = s.wait('the report in a buffer', function()
  local name = vim.api.nvim_buf_get_name(0)
  return name:find('report.md', 1, true) and vim.api.nvim_buf_get_lines(0, 0, 1, true)[1]
end)
s.wait('its path', function()
  return s.said[#s.said]:find('report.md', 1, true)
end)
s.report(report)
