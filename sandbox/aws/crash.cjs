// Loaded into the emulator's function workers: ends the process, as a crash would, when the gateway
// answers that it is to, before the function sees anything of the answer.
const { ClientRequest } = require("node:http");
const { emit } = ClientRequest.prototype;
ClientRequest.prototype.emit = function (event, response) {
  if (event === "response" && response.headers["x-sandbox-crash"]) {
    process.kill(process.pid, "SIGKILL");
  }
  // biome-ignore lint/complexity/noArguments: passes on whatever the event has
  return emit.apply(this, arguments);
};
