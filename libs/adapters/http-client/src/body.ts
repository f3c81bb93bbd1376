import type { Dispatcher } from 'undici';
import { concat } from '@touchstone/bytes';
import { HttpClientError } from './http-client-error';

/** Reads the whole body and stops at `limit` bytes, whatever the answer's Content-Length says. */
export async function readBody(
  body: Dispatcher.ResponseData['body'],
  limit: number,
  origin: string,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > limit) {
      body.destroy();
      throw new HttpClientError(
        'HTTP_BODY_TOO_LARGE',
        `the answer of ${origin} is larger than ${limit} bytes`,
        {
          field: origin,
        },
      );
    }
    chunks.push(chunk);
  }
  return concat(...chunks);
}
