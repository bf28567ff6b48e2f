--- Words that count.
local M = {}

---"1 file", "2 files".
---@param number integer
---@param word string that takes an s
---@return string
function M.count(number, word)
  return ('%d %s%s'):format(number, word, number == 1 and '' or 's')
end

return M
