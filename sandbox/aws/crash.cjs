// Loaded into the emulator's function workers: ends the process, as a crash would, when a response of the
// gateway has the header x-sandbox-crash, before the function gets that response.
const { ClientRequest } = require("node:http");
const { emit } = ClientRequest.prototype;
ClientRequest.prototype.emit = function (event, response) {
  if (event === "response" && response.headers["x-sandbox-crash"]) {
    process.kill(process.pid, "SIGKILL");
  }
  // biome-ignore lint/complexity/noArguments: passes on whatever the event has
  return emit.apply(this, arguments);
};
