-- Replays what `attribution_neovim.py` hands over: AI's insertions, then persons at work. Reports how often each file
-- was told to hold an output.
local s = require('scenario')
local given = s.given()
math.randomseed(given.seed)
vim.lsp.enable('aicheck')
vim.o.hidden, vim.o.swapfile, vim.o.showmode = true, false, false
vim.o.shortmess = vim.o.shortmess .. 'A'
vim.cmd('filetype indent off')

local told = {} ---@type table<string, integer>
vim.api.nvim_create_autocmd('User', {
  pattern = 'AicheckStatus',
  callback = function(event)
    local name = vim.fs.basename(vim.uri_to_fname(event.data.uri))
    told[name] = (told[name] or 0) + 1
  end,
})

---Coroutines that pause by `coroutine.yield(milliseconds)`; returns when all have ended.
---@param acts fun()[]
local function together(acts)
  local left, problem = #acts, nil
  for _, act in ipairs(acts) do
    local routine = coroutine.create(act)
    local function step()
      local good, pause = coroutine.resume(routine)
      problem = problem or not good and debug.traceback(routine, tostring(pause)) or nil
      if coroutine.status(routine) == 'dead' then
        left = left - 1
      else
        vim.defer_fn(step, pause)
      end
    end
    vim.defer_fn(step, math.random(100))
  end
  vim.wait(given.limit * 1000, function()
    return left == 0 or problem ~= nil
  end, 20)
  assert(left == 0 and not problem, problem or 'some did not end')
end

---@param bufnr integer
---@param part { row: integer, col: integer, end_row: integer, end_col: integer }
---@param text string
local function put(bufnr, part, text)
  local count = vim.api.nvim_buf_line_count(bufnr)
  local row, col, end_row, end_col = part.row, part.col, part.end_row, part.end_col
  local last = #vim.api.nvim_buf_get_lines(bufnr, -2, -1, true)[1]
  if row >= count then -- a buffer has no empty line behind its last line end
    row, col, text = count - 1, last, '\n' .. text
  end
  if end_row >= count then
    end_row, end_col, text = count - 1, last, text:gsub('\n$', '')
  end
  vim.api.nvim_buf_set_text(bufnr, row, col, end_row, end_col, vim.split(text, '\n'))
end

local ways = {}

function ways.whole(bufnr, one)
  put(bufnr, one, one.text)
end

function ways.streamed(bufnr, one)
  if one.row ~= one.end_row or one.col ~= one.end_col then
    put(bufnr, one, '')
  end
  if one.row >= vim.api.nvim_buf_line_count(bufnr) then
    vim.api.nvim_buf_set_lines(bufnr, -1, -1, true, { '' })
  end
  local space = vim.api.nvim_create_namespace('stream')
  local mark = vim.api.nvim_buf_set_extmark(bufnr, space, one.row, one.col, { right_gravity = true })
  local pause = math.random(10, 60)
  for _, chunk in ipairs(one.chunks) do
    local row, col = unpack(vim.api.nvim_buf_get_extmark_by_id(bufnr, space, mark, {}))
    put(bufnr, { row = row, col = col, end_row = row, end_col = col }, chunk)
    coroutine.yield(pause)
  end
end

function ways.disk(bufnr, one)
  s.write(vim.fs.basename(vim.api.nvim_buf_get_name(bufnr)), one.after)
end

---@param outputs table[]
local function replay(outputs)
  local acts, buffers = {}, {}
  for _, one in ipairs(outputs) do
    local bufnr = s.edit(one.name, one.before)
    table.insert(buffers, bufnr)
    table.insert(acts, function()
      if one.announced then
        require('aicheck').expect(one.announced, bufnr)
      end
      ways[one.way](bufnr, one)
      coroutine.yield(2500)
    end)
  end
  together(acts)
  for _, bufnr in ipairs(buffers) do
    vim.cmd.bwipeout({ tostring(bufnr), bang = true })
  end
end

local done = {} ---@type table<string, integer>

---@param keys string
local function press(bufnr, keys)
  vim.api.nvim_win_set_buf(0, bufnr)
  vim.api.nvim_feedkeys(vim.keycode(keys), 'xt', false)
end

local actions = {}

function actions.move(bufnr)
  press(bufnr, ':1,4move $<CR>')
  coroutine.yield(900)
  press(bufnr, 'u')
end

function actions.copy(bufnr)
  press(bufnr, ':1,5copy $<CR>')
  coroutine.yield(900)
  press(bufnr, 'u')
end

function actions.undo(bufnr)
  press(bufnr, '40u')
  coroutine.yield(900)
  press(bufnr, '40<C-r>')
end

function actions.format(bufnr)
  press(bufnr, ':%s/, /,\\r    /e<CR>:%s/^    /\\t/e<CR>')
  coroutine.yield(900)
  press(bufnr, 'u')
end

function actions.sort(bufnr)
  press(bufnr, ':%sort<CR>')
  coroutine.yield(900)
  press(bufnr, 'u')
end

function actions.yank(bufnr, person)
  press(person.other, 'gg8yy')
  coroutine.yield(300)
  press(bufnr, 'Gp')
  coroutine.yield(900)
  press(bufnr, 'u')
end

actions['yank from a file closed since'] = function(bufnr, person)
  press(bufnr, ':edit ' .. person.closed .. '<CR>gg8yy:bwipeout<CR>')
  coroutine.yield(300)
  press(bufnr, 'Gp')
  coroutine.yield(900)
  press(bufnr, 'u')
end

actions['read a file'] = function(bufnr, person)
  press(bufnr, ':$read ' .. person.closed .. '<CR>')
  coroutine.yield(900)
  press(bufnr, 'u')
end

actions['accept a word'] = function(bufnr)
  local last = vim.api.nvim_buf_line_count(bufnr) - 1
  vim.api.nvim_buf_set_lines(bufnr, last, last, true, { 'completedIdentifier()' })
  coroutine.yield(300)
  press(bufnr, 'u')
end

actions['check out a branch'] = function(bufnr, person)
  press(bufnr, ':write<CR>')
  vim.system({ 'sh', '-c', given.branch, 'sh', person.closed }, { cwd = s.work .. '/' .. person.folder }):wait()
  coroutine.yield(300)
  for _, branch in ipairs({ 'other', 'main' }) do
    vim.system({ 'git', 'checkout', '-q', branch }, { cwd = s.work .. '/' .. person.folder }):wait()
    press(bufnr, ':edit<CR>')
    coroutine.yield(1200)
  end
end

local names = vim.tbl_keys(actions)
table.sort(names)

---@param person table
---@return fun()
local function typing(person)
  person.other = vim.fn.bufadd(person.other_file)
  vim.fn.bufload(person.other)
  vim.bo[person.other].filetype = 'python'
  local bufnr = s.edit(person.folder .. '/' .. person.name, '')
  vim.bo[bufnr].formatoptions, vim.bo[bufnr].autoindent = '', false
  local pairs_of = { ['('] = ')', ['['] = ']', ['{'] = '}', ['"'] = '"' }
  return function()
    for char in vim.gsplit(person.text, '') do
      local pair = math.random() < 0.3 and pairs_of[char]
      local key = char == '\n' and '<CR>' or char == '<' and '<lt>' or char
      press(bufnr, 'GA' .. key .. (pair and pair .. '<BS>' or '') .. '<Esc>')
      done.keys = (done.keys or 0) + 1
      coroutine.yield(math.random(60, 250))
      if char == '\n' and math.random() < given.share and vim.api.nvim_buf_line_count(bufnr) > 8 then
        local name = names[math.random(#names)]
        done[name] = (done[name] or 0) + 1
        actions[name](bufnr, person)
        coroutine.yield(1200)
      end
    end
    coroutine.yield(2000)
  end
end

for start = 1, #given.outputs, given.batch do
  replay(vim.list_slice(given.outputs, start, start + given.batch - 1))
end
if #given.persons > 0 then
  together(vim.tbl_map(typing, given.persons))
end
s.report({ told = told, done = done })
