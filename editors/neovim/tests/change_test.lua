local change = require('aicheck.change')

---@param text string
---@return string[]
local function lines(text)
  return vim.split(text, '\n')
end

---@param part aicheck.Change
---@return string
local function inside(new, part)
  local all = table.concat(new, '\n') .. '\n'
  local function offset(row, col)
    local at = 0
    for index = 1, row do
      at = at + #new[index] + 1
    end
    return at + col
  end
  return all:sub(offset(part.row, part.col) + 1, offset(part.end_row, part.end_col))
end

local cases = {
  { 'a\nb', 'a\nb', nil },
  { '', 'x', 'x' },
  { 'a\nc', 'a\nb\nc', 'b\n' },
  { 'a', 'a\nb\nc', 'b\nc\n' },
  { 'a\nb', 'b', nil },
  { 'foo()', 'foo(bar)', 'bar' },
  { 'foo(bar)', 'foo()', nil },
  { 'x = 1\ny', 'x = 1 + 2\ny', ' + 2' },
  { 'aa', 'aaa', 'a' },
  { 'def f:\n    pass\nx', 'def f:\n    a\n    b\nx', 'a\n    b' },
  { 'x = "ÿ"', 'x = "þ"', 'þ' }, -- share their first byte
  { 'ſÿ', 'ÿÿ', 'ÿ' }, -- share their last byte
  { 'one\ntwo\nthree', 'four\ntwo\nfive', 'four\ntwo\nfiv' },
}

local tests = {}

tests['the smallest part that is new'] = function()
  for _, case in ipairs(cases) do
    local part = change.between(lines(case[1]), lines(case[2]))
    local found = part and inside(lines(case[2]), part)
    assert(found == case[3], ('%q to %q: %q'):format(case[1], case[2], tostring(found)))
  end
end

tests['what is before and after it is the same in both texts'] = function()
  math.randomseed(7)
  local pieces = { 'a', 'b', 'é', '€', '𝒳', '\n', ' ' }
  local function text()
    local words = {}
    for _ = 1, math.random(0, 8) do
      table.insert(words, pieces[math.random(#pieces)])
    end
    return table.concat(words)
  end
  for _ = 1, 20000 do
    local old, new = text(), text()
    local part = change.between(lines(old), lines(new))
    if part then
      local added = inside(lines(new), part)
      local all, before = new .. '\n', old .. '\n'
      local head = all:find(added, 1, true)
      local good = false
      while head and not good do
        local tail = all:sub(head + #added)
        good = vim.startswith(before, all:sub(1, head - 1)) and vim.endswith(before, tail)
        head = all:find(added, head + 1, true)
      end
      assert(good, ('%q to %q: %q'):format(old, new, added))
      assert(vim.str_utf_start(added, 1) == 0)
    end
  end
end

return tests
