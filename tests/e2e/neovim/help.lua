-- The help file's tags: complete, unique, and each leads to its place.
local s = require('scenario')
local folder = vim.api.nvim_get_runtime_file('doc/aicheck.txt', false)[1]:gsub('/[^/]*$', '')
local copy = s.work .. '/doc'
vim.fn.mkdir(copy)
vim.uv.fs_copyfile(folder .. '/aicheck.txt', copy .. '/aicheck.txt')
vim.cmd.helptags(copy)
local tags = vim.fn.readfile(copy .. '/tags')
local reached = {}
for _, line in ipairs(tags) do
  local tag = line:match('^%S+')
  vim.cmd.help(tag)
  table.insert(reached, ('%s %s'):format(tag, vim.fs.basename(vim.api.nvim_buf_get_name(0))))
end
vim.cmd.helpclose()
local long = vim.tbl_filter(function(line)
  return vim.api.nvim_strwidth(line) > 78
end, vim.fn.readfile(copy .. '/aicheck.txt'))
local unresolved = {}
for _, line in ipairs(vim.fn.readfile(copy .. '/aicheck.txt')) do
  for tag in line:gmatch('|(%S-)|') do
    if not vim.list_contains(vim.fn.getcompletion(tag, 'help'), tag) then
      table.insert(unresolved, tag)
    end
  end
end
s.report({
  unresolved = unresolved,
  kept = vim.fn.readfile(folder .. '/tags'),
  tags = tags,
  reached = reached,
  long = long,
})
