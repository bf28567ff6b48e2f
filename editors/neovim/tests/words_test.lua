local tests = {}

tests['a line of the log'] = function()
  local show = require('aicheck.show')
  local record = {
    time = '2026-01-02T03:04:05.678Z',
    verdict = 'suspect',
    agent = 'claude-code',
    model = 'opus',
    path = 'a.py',
    findings = { { code = 'IMP001' }, { code = 'TRU001' } },
    mark = 'dismissed',
  }
  assert(show.line(record) == '2026-01-02 03:04:05  suspect    claude-code opus  a.py  IMP001 TRU001  [dismissed]')
  record.path, record.agent = 'a\n\27[31m\226\128\174b', 'x'
  assert(show.line(record):find('x opus  a^@^[[31m<202e>b', 1, true), show.line(record))
  assert(show.line({ verdict = 'clean', attribution = 'heuristic' }) == 'clean      heuristic')
end

tests['a statusline without a server is empty'] = function()
  require('aicheck.status').set({ outputs = 3, suspect = 1, verdict = 'clean', uri = 'file:///a.py' })
  assert(require('aicheck').statusline() == '')
end

tests['the statusline tells of suspect outputs only if there are any'] = function()
  local client = require('aicheck.client')
  local get, status = client.get, require('aicheck.status')
  client.get = function()
    return {}
  end
  status.set({ outputs = 3, suspect = 0, verdict = 'clean', uri = 'file:///a.py' })
  assert(status.text() == 'aicheck 3')
  status.set({ outputs = 4, suspect = 2, verdict = 'suspect', uri = 'file:///a.py' })
  assert(status.text() == 'aicheck 4, 2 suspect')
  local changed = { 'Rework since 2026-05-01' }
  status.set({ outputs = 4, suspect = 0, verdict = 'clean', uri = 'file:///a.py', changed = changed })
  assert(status.text() == 'aicheck 4, changed')
  client.get = get
end

tests['an unknown option is named'] = function()
  local good, problem = pcall(require('aicheck').setup, { disc = true })
  assert(not good and problem:find("'disc' is no option", 1, true), problem)
  assert(not pcall(require('aicheck').setup, { trusted = true }))
  assert(not vim.lsp.is_enabled('aicheck'))
end

tests['completion of the command'] = function()
  local complete = require('aicheck.command').complete
  assert(vim.deep_equal(complete('Aicheck re'), { 'report', 'restart' }))
  assert(vim.deep_equal(complete('Aicheck report '), { 'html', 'markdown', 'json' }))
  assert(vim.deep_equal(complete('Aicheck report html '), {}))
  assert(vim.deep_equal(complete('Aicheck nonsense '), {}))
end

tests['nothing is expected of a buffer without a server'] = function()
  require('aicheck').expect('copilot')
  vim.api.nvim_buf_set_lines(0, 0, -1, true, { 'a', 'b', 'c' })
end

return tests
