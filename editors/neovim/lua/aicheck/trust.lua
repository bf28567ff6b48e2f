--- Which projects the user trusts, and what leads into one.
local M = {}

M.folders = {} ---@type string[] as the user gave them: projects in them are trusted
local seen = {} ---@type table<string, true> projects of buffers

---@param place string
---@return string[] the path and all that it is in
local function upwards(place)
  local found = { place }
  vim.list_extend(found, vim.iter(vim.fs.parents(place)):totable())
  return found
end

---Whether a path is in a folder, by its own name or by where its links lead. The file system says which folders
---are the same one: it knows of other case and of mounts.
---@param place string
---@param folder string
---@return boolean
function M.inside(place, folder)
  local root = vim.uv.fs_stat(folder)
  if not root then
    return false
  end
  for _, path in ipairs({ vim.fs.abspath(place), vim.uv.fs_realpath(place) }) do
    for _, above in ipairs(upwards(path)) do
      local stat = vim.uv.fs_stat(above)
      if stat and stat.dev == root.dev and stat.ino == root.ino then
        return true
      end
    end
  end
  return false
end

---@param root? string of a project
---@return boolean
function M.trusts(root)
  return root ~= nil
    and vim.iter(M.folders):any(function(folder)
      return M.inside(root, vim.fs.normalize(folder))
    end)
end

---Remember a project that is being opened.
---@param root? string
function M.open(root)
  if root then
    seen[root] = true
  end
end

---Whether a path leads into a project that is open and not trusted.
---@param place string
---@return boolean
function M.forbids(place)
  local markers = vim.lsp.config.aicheck.root_markers
  M.open(vim.fs.root(vim.fn.getcwd(), markers --[[@as string[] ]]))
  return vim.iter(seen):any(function(root)
    return not M.trusts(root) and M.inside(place, root)
  end)
end

return M
