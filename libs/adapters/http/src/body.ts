import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { HttpError } from './http-error';
import { assertJsonDepth } from './json-depth';

/** Bodies of requests that only carry a few members. */
export const SMALL_BODY_BYTES = 64 * 1024;

export interface BodyOptions {
  /** Media types that are taken, such as `application/json`; any when absent. */
  readonly types?: readonly string[];
}

export const JSON_TYPES = ['application/json'];
export const FORM_TYPES = ['application/x-www-form-urlencoded'];

/** `request.body` becomes a `Uint8Array` of at most `limit` bytes. */
export function rawBody(limit: number, options: BodyOptions = {}): RequestHandler {
  return bodyReader(limit, options, (bytes) => bytes);
}

/** `request.body` becomes a string; the bytes must be UTF-8. */
export function textBody(limit: number, options: BodyOptions = {}): RequestHandler {
  return bodyReader(limit, options, decodeText);
}

/** `request.body` becomes the parsed JSON value, of bounded depth; read it as `unknown`. */
export function jsonBody(
  limit: number,
  options: BodyOptions = { types: JSON_TYPES },
): RequestHandler {
  return bodyReader(limit, options, decodeJson);
}

/** `request.body` becomes a `ReadonlyMap` of form fields; a field that stands twice is refused. */
export function formBody(
  limit: number,
  options: BodyOptions = { types: FORM_TYPES },
): RequestHandler {
  return bodyReader(limit, options, decodeForm);
}

/** The whole body as text, for whoever has no Express; fails as `textBody` does. */
export async function readText(
  request: IncomingMessage,
  response: ServerResponse,
  limit: number,
  options: BodyOptions = {},
): Promise<string> {
  return decodeText(await receive(request, response, limit, options));
}

function bodyReader(
  limit: number,
  options: BodyOptions,
  decode: (bytes: Buffer) => unknown,
): RequestHandler {
  return (request: Request, response: Response, next: NextFunction): void => {
    receive(request, response, limit, options)
      .then((bytes) => {
        request.body = decode(bytes);
        next();
      })
      .catch(next);
  };
}

async function receive(
  request: IncomingMessage,
  response: ServerResponse,
  limit: number,
  { types }: BodyOptions,
): Promise<Buffer> {
  const refusal = refuseHeaders(request, types);
  if (refusal !== undefined) throw refusal;
  try {
    return await collect(request, limit);
  } catch (error) {
    // What is left of the body is not read: the connection cannot be used again.
    response.setHeader('connection', 'close');
    throw error;
  }
}

function refuseHeaders(
  request: IncomingMessage,
  types: readonly string[] | undefined,
): HttpError | undefined {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    // A compressed body could be a thousand times what its limit says.
    return new HttpError('HTTP_CONTENT_ENCODING', 'the body must not be compressed', {
      field: 'Content-Encoding',
    });
  }
  if (types === undefined) return undefined;
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type !== undefined && types.includes(type)) return undefined;
  return new HttpError('HTTP_MEDIA_TYPE', `the body must be ${types.join(' or ')}`, {
    field: 'Content-Type',
  });
}

/** Counts what arrives; a Content-Length is believed only when it is already too much. */
function collect(request: IncomingMessage, limit: number): Promise<Buffer> {
  const declared = Number(request.headers['content-length'] ?? 0);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const settle = (error?: HttpError): void => {
      request.off('data', onData).off('end', onEnd).off('error', onAbort).off('close', onAbort);
      if (error === undefined)
        return resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
      request.pause();
      reject(error);
    };
    const tooLarge = (): void =>
      settle(new HttpError('HTTP_BODY_TOO_LARGE', `the body is larger than ${limit} bytes`));
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > limit) return tooLarge();
      chunks.push(chunk);
    };
    const onEnd = (): void => settle();
    const onAbort = (): void =>
      settle(new HttpError('HTTP_BODY_ABORTED', 'the body did not arrive whole'));
    if (declared > limit) return tooLarge();
    request.on('data', onData).on('end', onEnd).on('error', onAbort).on('close', onAbort);
  });
}

function decodeText(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new HttpError('HTTP_BODY_NOT_UTF8', 'the body is not UTF-8');
  return bytes.toString('utf8');
}

function decodeJson(bytes: Buffer): unknown {
  const text = decodeText(bytes);
  assertJsonDepth(bytes);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new HttpError('HTTP_BODY_NOT_JSON', 'the body is not JSON', { cause });
  }
}

function decodeForm(bytes: Buffer): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(decodeText(bytes))) {
    if (fields.has(name)) {
      throw new HttpError('HTTP_BODY_NOT_FORM', `the field ${name.slice(0, 100)} stands twice`, {
        field: name,
      });
    }
    fields.set(name, value);
  }
  return fields;
}
