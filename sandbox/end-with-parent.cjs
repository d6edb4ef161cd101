// What the engine starts and what outlives it would wait for calls for ever.
const parent = process.ppid;
setInterval(() => process.ppid === parent || process.exit(0), 500).unref();
