import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { onTestFinished } from "vitest";

/** A mail server of this computer that keeps what it is sent. */
export interface MailSink {
  readonly port: number;
  readonly mails: readonly string[];
}

/** The text of a mail as its reader sees it. */
export function textOfMail(mail: string): string {
  const [head = "", ...body] = mail.split(/\r?\n\r?\n/);
  const text = body.join("\n\n");
  if (/transfer-encoding: base64/i.test(head)) return Buffer.from(text, "base64").toString("utf8");
  if (!/transfer-encoding: quoted-printable/i.test(head)) return text;
  const bytes = text
    .replace(/=\r?\n/g, "")
    .replace(/=([\dA-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}

/** Begins a mail server that ends with the test. */
export async function mailSink(options: SMTPServerOptions = {}): Promise<MailSink> {
  const mails: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    logger: false,
    onData: (stream, _, taken) => {
      let text = "";
      stream.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      stream.on("end", () => {
        mails.push(text);
        taken();
      });
    },
    ...options,
  });
  // A client that hangs up is none of its business.
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(resolve);
      }),
  );
  return { port: (server.server.address() as AddressInfo).port, mails };
}

/** A call over HTTP. */
export interface Call {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly path: string;
}

/** A web server of this computer that keeps what it is sent. */
export interface HttpSink {
  readonly url: string;
  readonly calls: readonly Call[];
}

/**
 * Begins a web server that ends with the test.
 *
 * @param answer - to each call, counted from 1; it never answers when nothing is done
 */
export async function httpSink(
  answer: (response: ServerResponse, n: number) => void = (response) => response.end(),
): Promise<HttpSink> {
  const calls: Call[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (part: string) => {
      body += part;
    });
    request.on("end", () => {
      calls.push({ headers: request.headers, body, path: request.url ?? "" });
      answer(response, calls.length);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls };
}
