// The emulator does not apply Lambda's JSON log format, so its function workers do it themselves:
// https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html

/** The sandbox's time, if it has a clock (clock.cjs). */
const now = () => new (globalThis.SandboxDate ?? Date)();

if (process.env.AWS_LAMBDA_FUNCTION_NAME) {
  for (const [method, level] of [
    ["info", "INFO"],
    ["warn", "WARN"],
    ["error", "ERROR"],
  ]) {
    const write = console[method].bind(console);
    console[method] = (message) =>
      write(JSON.stringify({ timestamp: now().toISOString(), level, message }));
  }
}
