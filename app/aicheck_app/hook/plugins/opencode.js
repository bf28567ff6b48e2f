const EDITS = /^(write|edit|multiedit|patch|apply_patch)$/;

export const Aicheck = async ({ client, directory }) => {
  const models = new Map();
  const about = (session, event) => ({
    session_id: session,
    cwd: directory,
    hook_event_name: event,
    model: models.get(session) ?? "",
  });
  const tell = (message) => client.app.log({ body: { service: "aicheck", level: "warn", message } });
  const send = (payload) => run(payload, directory, tell);
  return {
    "chat.params": async ({ sessionID, model }) => void models.set(sessionID, model?.id ?? ""),
    "tool.execute.after": async (call, result) => {
      if (!EDITS.test(call.tool)) return;
      const edit = { tool_name: call.tool, tool_use_id: call.callID, tool_input: call.args, tool_response: {} };
      const found = await send({ ...about(call.sessionID, "PostToolUse"), ...edit });
      if (found) result.output += `\n\n${found}`;
    },
    event: async ({ event }) => {
      const session = event.properties?.sessionID ?? "";
      if (event.type === "session.compacted") await send(about(session, "PostCompact"));
      if (event.type === "session.error") await send({ ...about(session, "errorOccurred"), error: event.properties?.error ?? {} });
    },
  };
};
