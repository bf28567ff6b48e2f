// Runs what a test sends over a socket, inside the extension host: each connection one script, answered in JSON.
const net = require("node:net");
const vscode = require("vscode");

const AsyncFunction = (async () => {}).constructor;

exports.activate = () => {
  const server = net.createServer({ allowHalfOpen: true }, (connection) => {
    let source = "";
    connection.on("data", (piece) => (source += piece));
    connection.on("end", async () => {
      let answer;
      try {
        answer = { value: await new AsyncFunction("vscode", source)(vscode) };
      } catch (error) {
        answer = { error: String(error && error.stack) };
      }
      connection.end(JSON.stringify(answer));
    });
  });
  server.listen(process.env.AICHECK_PROBE);
};
