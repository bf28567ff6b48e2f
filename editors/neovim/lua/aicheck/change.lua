--- What became different between two texts.
local M = {}

---@class aicheck.Change rows and bytes of the new text, from 0, end-exclusive
---@field row integer
---@field col integer
---@field end_row integer
---@field end_col integer

---@param one string
---@param other string
---@param limit integer
---@return integer bytes that both begin with, no half character
local function head(one, other, limit)
  local count = 0
  while count < limit and one:byte(count + 1) == other:byte(count + 1) do
    count = count + 1
  end
  while count > 0 and count < #other and vim.str_utf_start(other, count + 1) ~= 0 do
    count = count - 1
  end
  return count
end

---The smallest part of the new text that was put for another; nil if nothing was put there.
---@param old string[]
---@param new string[]
---@return aicheck.Change?
function M.between(old, new)
  local first, last = 1, 0
  local most = math.min(#old, #new)
  while first <= most and old[first] == new[first] do
    first = first + 1
  end
  while last < most - first + 1 and old[#old - last] == new[#new - last] do
    last = last + 1
  end
  local count = #new - last - first + 1
  if count <= 0 then
    return nil
  end
  local was_first, was_last = old[first] or '', old[#old - last] or ''
  if #old - last < first then -- whole lines were put between others
    return { row = first - 1, col = 0, end_row = first - 1 + count, end_col = 0 }
  end
  local now_first, now_last = new[first], new[#new - last]
  local col = head(was_first, now_first, math.min(#was_first, #now_first))
  local room = math.min(#was_last, #now_last)
  room = math.min(room, #now_last - (count == 1 and col or 0), #was_last - (#old - last == first and col or 0))
  local tail = head(was_last:reverse(), now_last:reverse(), room)
  while tail > 0 and vim.str_utf_start(now_last, #now_last - tail + 1) ~= 0 do
    tail = tail - 1
  end
  local found = { row = first - 1, col = col, end_row = first + count - 2, end_col = #now_last - tail }
  return (found.end_row > found.row or found.end_col > found.col) and found or nil
end

return M
