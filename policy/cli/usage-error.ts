/** What is wrong with a command's arguments or its input, in sentences for the user. The exit code is 2. */
export class UsageError extends Error {}
