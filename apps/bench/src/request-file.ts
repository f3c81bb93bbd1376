import { open, readFile } from 'node:fs/promises';

const LENGTH_BYTES = 4;

export const JSON_TYPE = { 'content-type': 'application/json' } as const;

/** Writes whole HTTP requests one behind the other, each with its length (u32, little-endian) before it. */
export async function writeRequests(file: string, requests: Iterable<Buffer>): Promise<void> {
  const handle = await open(file, 'w');
  try {
    for (const request of requests) {
      const length = Buffer.alloc(LENGTH_BYTES);
      length.writeUInt32LE(request.length);
      await handle.write(Buffer.concat([length, request]));
    }
  } finally {
    await handle.close();
  }
}

export async function readRequests(file: string): Promise<readonly Buffer[]> {
  const bytes = await readFile(file);
  const requests: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const start = at + LENGTH_BYTES;
    at = start + bytes.readUInt32LE(at);
    requests.push(bytes.subarray(start, at));
  }
  return requests;
}

/** A whole request in HTTP/1.1 for a connection that stays. */
export function httpRequest(
  method: 'GET' | 'POST',
  url: URL,
  {
    headers = {},
    body,
  }: { readonly headers?: Readonly<Record<string, string>>; readonly body?: string } = {},
): Buffer {
  const content = Buffer.from(body ?? '');
  const lines = [
    `${method} ${url.pathname}${url.search} HTTP/1.1`,
    `host: ${url.host}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(body === undefined ? [] : [`content-length: ${content.length}`]),
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), content]);
}
