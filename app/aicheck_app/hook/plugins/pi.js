const EDITS = /^(write|edit)$/;

export default function (pi) {
  const send = (ctx, event, more = {}) => {
    const about = {
      session_id: ctx.sessionManager?.getSessionId?.() ?? "",
      cwd: ctx.cwd,
      hook_event_name: event,
      model: ctx.model?.id ?? "",
    };
    const tell = (message) => (ctx.hasUI ? ctx.ui.notify(message, "warning") : console.error(message));
    return run({ ...about, ...more }, ctx.cwd, tell);
  };
  pi.on("tool_result", async (event, ctx) => {
    if (!EDITS.test(event.toolName)) return;
    const identifier = event.toolCallId.split("|")[0]; // some services add one of their own
    const edit = { tool_name: event.toolName, tool_use_id: identifier, tool_input: event.input };
    if (event.isError) return void (await send(ctx, "PostToolUseFailure", edit));
    const found = await send(ctx, "PostToolUse", { ...edit, tool_response: {} });
    if (found) return { content: [...event.content, { type: "text", text: found }] };
  });
  pi.on("session_compact", async (_event, ctx) => void (await send(ctx, "PostCompact")));
  pi.on("session_shutdown", async (_event, ctx) => void (await send(ctx, "SessionEnd")));
}
