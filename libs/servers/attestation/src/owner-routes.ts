import type { Express, Request, RequestHandler, Response } from 'express';
import { handler, resource, textBody } from '@touchstone/http';
import type { Location, ProviderOwner } from '@touchstone/service-attestation';
import { attestation } from '@touchstone/wire';
import { requireApiVersion } from './api-version';
import { recorded, type ChangeRecordDeps, type NamedChange } from './change-record';
import type { Door } from './door';
import { locationOf } from './location';

export interface OwnerRouteDeps extends ChangeRecordDeps {
  readonly owner: ProviderOwner;
  readonly door: Door;
}

interface Change extends NamedChange {
  readonly member?: string;
  readonly work: (location: Location, jws: string) => Promise<string>;
}

/** Express would take what follows a colon for the name of a parameter. */
const literal = (path: string): string => path.replace(':', '\\:');

const { CERTIFICATES_PATH, CERTIFICATE_MEMBER, Verb } = attestation;

/** Policies and policy certificates: who may, then the version, then the body. */
export function addOwnerRoutes(app: Express, deps: OwnerRouteDeps): void {
  const { owner } = deps;
  for (const type of attestation.ATTESTATION_TYPES) {
    const path = attestation.policyPath(type);
    resource(app, path, {
      get: reading(deps, (location) => owner.policy(location, type)),
      put: changing(deps, {
        operation: 'policy-set',
        type,
        work: (location, jws) => owner.setPolicy(location, type, jws),
      }),
    });
    resource(app, literal(`${path}${Verb.reset}`), {
      post: changing(deps, {
        operation: 'policy-reset',
        type,
        work: (location, jws) => owner.resetPolicy(location, type, jws),
      }),
    });
  }
  resource(app, CERTIFICATES_PATH, {
    get: reading(deps, (location) => owner.certificates(location)),
  });
  resource(app, literal(`${CERTIFICATES_PATH}${Verb.add}`), {
    post: changing(deps, {
      operation: 'certificate-add',
      member: CERTIFICATE_MEMBER.add,
      work: (location, jws) => owner.addCertificate(location, jws),
    }),
  });
  resource(app, literal(`${CERTIFICATES_PATH}${Verb.remove}`), {
    post: changing(deps, {
      operation: 'certificate-remove',
      member: CERTIFICATE_MEMBER.remove,
      work: (location, jws) => owner.removeCertificate(location, jws),
    }),
  });
}

function reading(
  { door }: OwnerRouteDeps,
  read: (location: Location) => Promise<string>,
): readonly RequestHandler[] {
  return [
    door('read'),
    requireApiVersion,
    handler(async (_request, response) => {
      response.json(attestation.tokenAnswer(await read(locationOf(response))));
    }),
  ];
}

function changing(deps: OwnerRouteDeps, change: Change): readonly RequestHandler[] {
  return [
    deps.door('write'),
    requireApiVersion,
    textBody(attestation.MAX_STATEMENT_BODY_BYTES),
    handler(async (request: Request, response: Response) => {
      const jws = attestation.decodeStatement(String(request.body), change.member);
      const token = await recorded(deps, { ...change, document: jws }, response, () =>
        change.work(locationOf(response), jws),
      );
      response.json(attestation.tokenAnswer(token));
    }),
  ];
}
