local tests = {}

local trust, program = require('aicheck.trust'), require('aicheck.program')

---A project with its own `aicheck`, a folder beside it with links into it, and a PATH; undone afterwards.
---@param check fun(home: string)
---@return fun()
local function in_project(check)
  return function()
    local home = vim.fn.tempname()
    for _, folder in ipairs({ 'work/.git', 'work/bin', 'own', 'workshop' }) do
      vim.fn.mkdir(home .. '/' .. folder, 'p')
    end
    for _, name in ipairs({ 'work/bin/aicheck', 'own/aicheck' }) do
      vim.fn.writefile({ '#!/bin/sh' }, home .. '/' .. name)
      vim.uv.fs_chmod(home .. '/' .. name, 448)
    end
    assert(vim.uv.fs_symlink(home .. '/work/bin', home .. '/linked'))
    vim.fn.mkdir(home .. '/links')
    assert(vim.uv.fs_symlink(home .. '/work/bin/aicheck', home .. '/links/aicheck'))
    local cwd, path, python = vim.fn.getcwd(), vim.env.PATH, vim.env.PYTHONPATH
    vim.cmd.cd(home .. '/work')
    local good, problem = xpcall(check, debug.traceback, home)
    vim.cmd.cd(cwd)
    vim.env.PATH, vim.env.PYTHONPATH, trust.folders = path, python, {}
    vim.fn.delete(home, 'rf')
    assert(good, problem)
  end
end

tests['what leads into a folder is inside'] = in_project(function(home)
  for place, inside in pairs({
    ['work'] = true,
    ['work/bin/aicheck'] = true,
    ['work/none/aicheck'] = true,
    ['own/../work/bin'] = true,
    ['linked/aicheck'] = true,
    ['links/aicheck'] = true,
    ['links'] = false,
    ['workshop'] = false,
    ['own/aicheck'] = false,
  }) do
    assert(trust.inside(home .. '/' .. place, home .. '/work') == inside, place)
  end
end)

tests['no program of a project that is not trusted is found'] = in_project(function(home)
  vim.env.PATH = table.concat({ '', '.', 'bin', home .. '/work/bin', home .. '/linked', home .. '/links' }, ':')
  local found, refused = program.find()
  assert(not found and refused == home .. '/work/bin/aicheck', refused)
  vim.env.PATH = vim.env.PATH .. ':' .. home .. '/own'
  assert(program.find() == home .. '/own/aicheck')
  trust.folders = { home .. '/workshop' }
  assert(program.find() == home .. '/own/aicheck')
  trust.folders = { home }
  assert(program.find() == home .. '/work/bin/aicheck')
end)

tests['programs are started elsewhere, with nothing that leads into the project'] = in_project(function(home)
  vim.env.PATH = ('/usr/bin::.:bin:%s/work/bin:%s/linked:/bin'):format(home, home)
  vim.env.PYTHONPATH = ('src::%s/work:/opt/lib'):format(home)
  local options = program.options()
  assert(options.cwd == vim.env.VIMRUNTIME)
  assert(options.env.PATH == '/usr/bin:/bin', options.env.PATH)
  assert(options.env.PYTHONPATH == '/opt/lib', options.env.PYTHONPATH)
  assert(options.env.PYTHONSAFEPATH == '1')
end)

tests['trust is told by setup alone, whatever the settings say'] = in_project(function(home)
  local get = vim.lsp.get_client_by_id
  local settings = { aicheck = { trusted = true, scope = 'all' } }
  vim.lsp.get_client_by_id = function()
    return { root_dir = home .. '/work', settings = settings }
  end
  local function told()
    local answer = require('aicheck.client').configuration(
      nil,
      { items = { { section = 'aicheck' } } },
      { client_id = 1 }
    )
    return answer[1]
  end
  local outside = told()
  trust.folders = { home }
  local inside = told()
  settings.aicheck = nil
  local bare = told()
  vim.lsp.get_client_by_id = get
  assert(vim.deep_equal(outside, { scope = 'all' }), vim.inspect(outside))
  assert(vim.deep_equal(inside, { trusted = true, scope = 'all' }), vim.inspect(inside))
  assert(vim.deep_equal(bare, { trusted = true }), vim.inspect(bare))
end)

return tests
