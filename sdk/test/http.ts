/** An HTTP client for the tests. */

import { type Agent, type IncomingHttpHeaders, request } from "node:http";

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** Sends a request: POST with a body, GET without. */
export function ask(url: string, body?: unknown, agent?: Agent): Promise<Answer> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const method = text === undefined ? "GET" : "POST";
    const headers = text === undefined ? {} : { "content-type": "application/json" };
    const asked = request(url, { method, headers, ...(agent && { agent }) }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (chunk) => {
        body += chunk;
      });
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
      response.on("error", reject);
    });
    asked.on("error", reject);
    asked.end(text);
  });
}
