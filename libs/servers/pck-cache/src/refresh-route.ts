import { createHash } from 'node:crypto';
import type { Express, Request } from 'express';
import { equal, fromHex } from '@touchstone/bytes';
import { handler, headerValue } from '@touchstone/http';
import { PckCacheError, type PckCache } from '@touchstone/service-pck-cache';
import { fmspcOf, parameter } from './parameters';

const DONE = 'Operation successful.';

/** `GET` or `POST refresh`, for whoever knows the admin token: collateral, or PCK certificates with `type=certs`. */
export function refreshRoutes(
  app: Express,
  cache: PckCache,
  adminTokenHash: string | undefined,
): void {
  const refresh = handler(async (request, response) => {
    assertAdmin(request, adminTokenHash);
    const type = parameter(request, 'type');
    if (type !== undefined && type !== 'certs') {
      throw new PckCacheError('PCK_CACHE_INVALID_PARAMETER', 'type is not certs', {
        field: 'type',
      });
    }
    const { failed } =
      type === 'certs' ? await refreshCertificates(cache, request) : await cache.refresh();
    if (failed.length > 0) {
      throw new PckCacheError('PCK_CACHE_UPSTREAM_FAILED', `${failed.length} could not be renewed`);
    }
    response.type('text/plain').send(DONE);
  });
  for (const version of ['v3', 'v4']) {
    const path = `/sgx/certification/${version}/refresh`;
    app.get(path, refresh);
    app.post(path, refresh);
  }
}

const refreshCertificates = (cache: PckCache, request: Request) =>
  parameter(request, 'fmspc') === undefined
    ? cache.refreshCertificates()
    : cache.refreshCertificates(fmspcOf(request));

/** `expected`: lower-case hex SHA-512 of the token, as Intel's cache is configured. Without one, nobody is let in. */
function assertAdmin(request: Request, expected: string | undefined): void {
  const token = headerValue(request, 'admin-token');
  if (token !== undefined && expected !== undefined) {
    const digest = new Uint8Array(createHash('sha512').update(token).digest());
    if (equal(digest, fromHex(expected, 'adminTokenHash'))) return;
  }
  throw new PckCacheError('PCK_CACHE_UNAUTHORIZED', 'the admin token is missing or wrong');
}
