-- nvim -l tests/run.lua: runs every test of this folder; exit code 1 if one fails.
local folder = vim.fs.dirname(vim.fs.abspath(arg[0]))
vim.opt.rtp:prepend(vim.fs.dirname(folder))

local failed, count = 0, 0
for name in
  vim.spairs(vim.iter(vim.fs.dir(folder)):fold({}, function(names, name)
    names[name] = vim.endswith(name, '_test.lua') or nil
    return names
  end))
do
  for title, test in vim.spairs(dofile(folder .. '/' .. name)) do
    local good, problem = xpcall(test, debug.traceback)
    count = count + 1
    if not good then
      failed = failed + 1
      io.stderr:write(('%s: %s\n%s\n'):format(name, title, problem))
    end
  end
end
print(('%d tests, %d failed'):format(count, failed))
os.exit(failed > 0 and 1 or 0)
