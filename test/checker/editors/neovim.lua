-- Opens leak.cpp with clangd and 'sluice lsp' in one buffer, applies the repair, and says what it saw.
-- SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
local function say(text) io.stdout:write(text .. "\n") end

local function start(name, cmd, buffer)
  local id = vim.lsp.start_client({ name = name, cmd = cmd, root_dir = vim.fn.getcwd() })
  vim.lsp.buf_attach_client(buffer, id)
  return id
end

local function found(client)
  local all = vim.diagnostic.get(0, { namespace = vim.lsp.diagnostic.get_namespace(client) })
  return vim.tbl_map(function(d) return (d.lnum + 1) .. ": " .. d.message .. " [" .. d.code .. "]" end, all)
end

local function wait(what, condition)
  if not vim.wait(60000, condition, 50) then
    say("gave up waiting for " .. what)
    vim.cmd("cquit 1")
  end
end

local function main()
  vim.cmd("edit leak.cpp")
  vim.bo.filetype = "cpp"
  local clangd = start("clangd", { "clangd-19", "--log=error" }, 0)
  local sluice = start("sluice", { vim.env.SLUICE, "lsp" }, 0)
  wait("findings", function() return #found(sluice) == 1 and #found(clangd) == 1 end)
  say("sluice " .. found(sluice)[1])
  say("clangd " .. found(clangd)[1])
  local line = vim.diagnostic.get(0, { namespace = vim.lsp.diagnostic.get_namespace(sluice) })[1].lnum
  local parameters = {
    textDocument = vim.lsp.util.make_text_document_params(),
    context = { diagnostics = {} },
    range = { start = { line = line, character = 0 }, ["end"] = { line = line, character = 80 } },
  }
  local answers = vim.lsp.buf_request_sync(0, "textDocument/codeAction", parameters, 60000)
  for _, action in ipairs(answers[sluice].result) do
    say("action " .. action.title)
    if action.isPreferred then
      vim.lsp.util.apply_workspace_edit(action.edit, "utf-16")
    end
  end
  wait("the repair to count", function() return #found(sluice) == 0 end)
  say("repaired " .. vim.api.nvim_buf_get_lines(0, 3, 4, false)[1])
  vim.cmd("write")
  vim.lsp.stop_client({ sluice, clangd })
  wait("the servers to end", function() return #vim.lsp.get_active_clients() == 0 end)
  say("ended")
  vim.cmd("qall!")
end

local fine, mistake = pcall(main)
if not fine then
  say(tostring(mistake))
  vim.cmd("cquit 1")
end
