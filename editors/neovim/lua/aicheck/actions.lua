--- What code actions and lenses ask of the editor: `commands` of the client.
local client = require('aicheck.client')

---@alias aicheck.Action fun(command: lsp.Command, context: { client_id: integer })

---@param name string
---@param command lsp.Command
---@param context { client_id: integer }
---@param done fun(result: any)
local function run(name, command, context, done)
  client.run(name, command.arguments, done, vim.lsp.get_client_by_id(context.client_id))
end

---@type table<string, aicheck.Action>
return {
  ['aicheck.copyEvidence'] = function(command, context)
    run('copyEvidence', command, context, function(text)
      vim.fn.setreg('"', text)
      if vim.fn.has('clipboard') == 1 then
        vim.fn.setreg('+', text)
      end
      client.say('evidence copied')
    end)
  end,

  ['aicheck.dismiss'] = function(command, context)
    vim.ui.input({ prompt = 'Why is this no problem? ', default = command.arguments[2] }, function(reason)
      if reason then
        command.arguments[2] = reason
        run('dismiss', command, context, function()
          client.say('dismissed in the log')
        end)
      end
    end)
  end,

  ['aicheck.confirm'] = function(command, context)
    run('confirm', command, context, function()
      client.say('confirmed in the log')
    end)
  end,

  ['aicheck.showOutput'] = function(command)
    if command.arguments then
      require('aicheck.show').output(command.arguments[1])
    end
  end,
}
