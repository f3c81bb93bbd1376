import type { Express, Request, RequestHandler } from 'express';
import { handler, jsonBody, pathValue, queryValue, resource } from '@touchstone/http';
import type { KeyAction, KeyVault } from '@touchstone/service-key-vault';
import { keyVault } from '@touchstone/wire';
import { permit } from './door';
import { scopeOf } from './request-scope';

const nameOf = (request: Request): string => keyVault.parseKeyName(pathValue(request, 'name'));

function versionOf(request: Request): string | undefined {
  const version = pathValue(request, 'version');
  return version === '' ? undefined : keyVault.parseKeyVersion(version);
}

const pageOf = (request: Request): keyVault.PageRequest =>
  keyVault.parsePage(queryValue(request, 'maxresults'), queryValue(request, '$skiptoken'));

function linkTo(
  request: Request,
  path: string,
  { limit }: keyVault.PageRequest,
): keyVault.NextLink {
  const { view, apiVersion } = scopeOf(request);
  return (next) => keyVault.nextLink(`${view.baseUrl}${path}`, apiVersion, limit, next);
}

/** Keys and deleted keys, all but release. A route decodes, asks the service once, and encodes. */
export function keyRoutes(app: Express, { keys, access }: KeyVault, release: RequestHandler): void {
  const may = (action: KeyAction) => permit(access, action);
  const body = jsonBody(keyVault.MAX_KEY_BODY_BYTES);

  const create = handler(async (request, response) => {
    const scope = scopeOf(request);
    const key = await keys.create(scope, nameOf(request), keyVault.decodeCreateKey(request.body));
    response.json(keyVault.keyBundle(scope.view, key));
  });
  const importKey = handler(async (request, response) => {
    const scope = scopeOf(request);
    const key = await keys.import(scope, nameOf(request), keyVault.decodeImportKey(request.body));
    response.json(keyVault.keyBundle(scope.view, key));
  });
  const get = handler(async (request, response) => {
    const scope = scopeOf(request);
    response.json(
      keyVault.keyBundle(scope.view, await keys.get(scope, nameOf(request), versionOf(request))),
    );
  });
  const update = handler(async (request, response) => {
    const scope = scopeOf(request);
    const change = keyVault.decodeUpdateKey(request.body);
    const key = await keys.update(scope, nameOf(request), versionOf(request), change);
    response.json(keyVault.keyBundle(scope.view, key));
  });
  const list = handler(async (request, response) => {
    const scope = scopeOf(request);
    const page = pageOf(request);
    const found = await keys.list(scope, page);
    response.json(keyVault.keyList(scope.view, found, linkTo(request, '/keys', page)));
  });
  const versions = handler(async (request, response) => {
    const scope = scopeOf(request);
    const [name, page] = [nameOf(request), pageOf(request)];
    const found = await keys.versions(scope, name, page);
    const link = linkTo(request, `/keys/${name}/versions`, page);
    response.json(keyVault.keyVersionList(scope.view, found, link));
  });
  const remove = handler(async (request, response) => {
    const scope = scopeOf(request);
    response.json(keyVault.deletedKeyBundle(scope.view, await keys.delete(scope, nameOf(request))));
  });

  resource(app, '/keys', { get: [may('keys/read'), list] });
  resource(app, '/keys/:name/create', { post: [may('keys/create/action'), body, create] });
  resource(app, '/keys/:name/versions', { get: [may('keys/read'), versions] });
  resource(app, ['/keys/:name/release', '/keys/:name/:version/release'], { post: release });
  resource(app, '/keys/:name', {
    get: [may('keys/read'), get],
    put: [may('keys/import/action'), body, importKey],
    patch: [may('keys/update/action'), body, update],
    delete: [may('keys/delete'), remove],
  });
  resource(app, '/keys/:name/:version', {
    get: [may('keys/read'), get],
    patch: [may('keys/update/action'), body, update],
  });
  deletedKeyRoutes(app, keys, may);
}

function deletedKeyRoutes(
  app: Express,
  keys: KeyVault['keys'],
  may: (action: KeyAction) => RequestHandler,
): void {
  const list = handler(async (request, response) => {
    const scope = scopeOf(request);
    const page = pageOf(request);
    const found = await keys.listDeleted(scope, page);
    response.json(
      keyVault.deletedKeyList(scope.view, found, linkTo(request, '/deletedkeys', page)),
    );
  });
  const get = handler(async (request, response) => {
    const scope = scopeOf(request);
    response.json(
      keyVault.deletedKeyBundle(scope.view, await keys.getDeleted(scope, nameOf(request))),
    );
  });
  const recover = handler(async (request, response) => {
    const scope = scopeOf(request);
    response.json(keyVault.keyBundle(scope.view, await keys.recover(scope, nameOf(request))));
  });
  const purge = handler(async (request, response) => {
    await keys.purge(scopeOf(request), nameOf(request));
    response.status(204).end();
  });

  resource(app, '/deletedkeys', { get: [may('keys/read'), list] });
  resource(app, '/deletedkeys/:name/recover', { post: [may('keys/recover/action'), recover] });
  resource(app, '/deletedkeys/:name', {
    get: [may('keys/read'), get],
    delete: [may('keys/purge/action'), purge],
  });
}
