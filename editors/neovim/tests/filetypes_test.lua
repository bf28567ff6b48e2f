local tests = {}

-- AICHECK_FILES: names of files, one for each ending that aicheck checks.
tests['every file that aicheck checks has a filetype that it attaches to'] = function()
  local known = require('aicheck.filetypes')
  local missing = {}
  for name in vim.gsplit(vim.env.AICHECK_FILES or '', ' ', { trimempty = true }) do
    local filetype = vim.filetype.match({ filename = name })
    if filetype and not vim.list_contains(known, filetype) then
      table.insert(missing, name .. ' ' .. filetype)
    end
  end
  assert(#missing == 0, table.concat(missing, ', '))
end

return tests
