import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** Sends one request and reads the response to its end. */
export function get(port: number, path: string, method = "GET"): Promise<void> {
  return converse(port, [head(path, method, "Connection: close\r\n\r\n")]);
}

/** Reads nothing of the response for some seconds. */
export function readSlowly(port: number, path: string, seconds: number): Promise<void> {
  return converse(port, ["pause", head(path, "GET", "Connection: close\r\n\r\n"), seconds, "read"]);
}

/** Lets some seconds pass before the end of the request's header. */
export function sendHeaderSlowly(port: number, path: string, seconds: number): Promise<void> {
  return converse(port, [head(path, "GET", ""), seconds, "Connection: close\r\n\r\n"]);
}

/** Lets some seconds pass before the request's body. */
export function sendBodySlowly(port: number, path: string, seconds: number): Promise<void> {
  const request = head(path, "POST", "Content-Length: 4\r\nConnection: close\r\n\r\n");
  return converse(port, [request, seconds, "body"]);
}

/** Sends a request without its body, and closes the connection after some seconds. */
export function hangUp(port: number, path: string, seconds: number): Promise<void> {
  return converse(port, [head(path, "POST", "Content-Length: 4\r\n\r\n"), seconds, "close"]);
}

/** Closes the connection after some seconds, whether there was a response or not. */
export function giveUp(port: number, path: string, seconds: number): Promise<void> {
  return converse(port, [head(path, "GET", "\r\n"), seconds, "close"]);
}

/** Sends two requests over one connection, with some seconds between them. */
export function getTwice(port: number, path: string, seconds: number): Promise<void> {
  return converse(port, [
    head(path, "GET", "\r\n"),
    seconds,
    head(path, "GET", "Connection: close\r\n\r\n"),
  ]);
}

function head(path: string, method: string, rest: string): string {
  return `${method} ${path} HTTP/1.1\r\nHost: localhost\r\n${rest}`;
}

/** Sends the strings, and waits for the numbers' seconds between them, until the connection is closed. */
function converse(port: number, script: readonly (string | number)[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", async () => {
      for (const part of script) {
        if (typeof part === "number") await sleep(part * 1_000);
        else if (part === "pause") socket.pause();
        else if (part === "read") socket.resume();
        else if (part === "close") socket.destroy();
        else socket.write(part);
      }
    });
    socket.on("data", () => {});
    socket.once("error", reject);
    socket.once("close", () => resolve());
  });
}
