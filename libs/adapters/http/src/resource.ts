import type { IRouter, Request, RequestHandler, Response } from 'express';
import { HttpError } from './http-error';

export const METHODS = ['get', 'head', 'post', 'put', 'patch', 'delete'] as const;
export type Method = (typeof METHODS)[number];

/** The handlers of a resource by method. */
export type ResourceMethods = Partial<Record<Method, RequestHandler | readonly RequestHandler[]>>;

/** Adds a resource: its methods, and HTTP_METHOD_NOT_ALLOWED with `Allow` for all others. */
export function resource(
  router: IRouter,
  path: string | readonly string[],
  methods: ResourceMethods,
): void {
  const route = router.route(typeof path === 'string' ? path : [...path]);
  const allow: string[] = [];
  for (const method of METHODS) {
    const handlers = methods[method];
    if (handlers === undefined) continue;
    route[method](...(typeof handlers === 'function' ? [handlers] : handlers));
    allow.push(method.toUpperCase());
  }
  if (allow.includes('GET') && !allow.includes('HEAD')) allow.push('HEAD');
  route.all((request: Request) => {
    throw new HttpError('HTTP_METHOD_NOT_ALLOWED', `the resource has no ${request.method}`, {
      allow,
    });
  });
}

/** A handler whose promise is awaited by Express 5: a rejection reaches the error responder. */
export function handler(
  action: (request: Request, response: Response) => Promise<void> | void,
): RequestHandler {
  return (request, response) => action(request, response);
}

/** One query parameter; HTTP_QUERY_REPEATED when it stands twice. */
export function queryValue(request: Request, name: string): string | undefined {
  const value = request.query[name];
  if (value === undefined || typeof value === 'string') return value;
  throw new HttpError('HTTP_QUERY_REPEATED', `the query parameter ${name} stands twice`, {
    field: name,
  });
}

/** One header as text; headers that Node keeps as lists are not asked for by this name. */
export function headerValue(request: Request, name: string): string | undefined {
  const value = request.headers[name.toLowerCase()];
  return typeof value === 'string' ? value : undefined;
}

/** One path parameter of the matched route, decoded. */
export function pathValue(request: Request, name: string): string {
  const value: unknown = request.params[name];
  return typeof value === 'string' ? value : '';
}
