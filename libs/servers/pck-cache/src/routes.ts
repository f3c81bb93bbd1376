import type { Express, Request, Response } from 'express';
import { contextOf, handler } from '@touchstone/http';
import type {
  DocumentName,
  IdentityId,
  PckCache,
  ServedDocument,
} from '@touchstone/service-pck-cache';
import {
  crlAnswer,
  identityAnswer,
  pckAnswer,
  pckCrlAnswer,
  rootCrlAnswer,
  tcbAnswer,
  type WireAnswer,
} from './answers';
import type { HotAnswers } from './hot-answers';
import { caOf, crlUriOf, fmspcOf, pckQueryOf, updateOf, wantsDer } from './parameters';

export interface RouteOptions {
  readonly hot: HotAnswers;
  /** Hosts that CRLs are fetched from. */
  readonly crlHosts: readonly string[];
}

/** How one kind of document is asked for and answered. */
interface DocumentRoute {
  readonly paths: readonly string[];
  readonly name: (request: Request) => DocumentName;
  readonly encode: (document: ServedDocument, request: Request) => WireAnswer;
}

/** The read routes of the PCCS, v3 and v4. Other methods and versions have no route there, and so none here. */
export function readRoutes(app: Express, cache: PckCache, options: RouteOptions): void {
  for (const version of ['v3', 'v4']) {
    const path = `/sgx/certification/${version}/pckcert`;
    app.get(
      path,
      handler(async (request, response) => {
        send(response, pckAnswer(await cache.pckCertificate(pckQueryOf(request))));
      }),
    );
  }
  for (const route of documentRoutes(options.crlHosts)) {
    for (const path of route.paths) app.get(path, documentHandler(cache, route, path, options.hot));
  }
}

const both = (path: string): readonly string[] => [
  `/sgx/certification/v3/${path}`,
  `/sgx/certification/v4/${path}`,
];

function documentRoutes(crlHosts: readonly string[]): readonly DocumentRoute[] {
  return [
    ...([3, 4] as const).flatMap((version) => [
      tcbRoute('sgx', version),
      identityRoute('QE', `/sgx/certification/v${version}/qe/identity`, version),
      identityRoute('QVE', `/sgx/certification/v${version}/qve/identity`, version),
    ]),
    tcbRoute('tdx', 4),
    identityRoute('TD_QE', '/tdx/certification/v4/qe/identity', 4),
    {
      paths: both('pckcrl'),
      name: (request) => ({ kind: 'pckcrl', ca: caOf(request) }),
      encode: (document, request) => pckCrlAnswer(wantsDer(request))(document),
    },
    { paths: both('rootcacrl'), name: () => ({ kind: 'rootcacrl' }), encode: rootCrlAnswer },
    {
      paths: both('crl'),
      name: (request) => ({ kind: 'crl', url: crlUriOf(request, crlHosts) }),
      encode: crlAnswer,
    },
  ];
}

// v3 of Intel's service knows one update channel only.
const channel = (request: Request, version: 3 | 4) => {
  const update = updateOf(request);
  return version === 3 ? 'standard' : update;
};

const tcbRoute = (tee: 'sgx' | 'tdx', version: 3 | 4): DocumentRoute => ({
  paths: [`/${tee}/certification/v${version}/tcb`],
  name: (request) => ({
    kind: 'tcb',
    tee,
    version,
    fmspc: fmspcOf(request),
    update: channel(request, version),
  }),
  encode: tcbAnswer(version),
});

const identityRoute = (id: IdentityId, path: string, version: 3 | 4): DocumentRoute => ({
  paths: [path],
  name: (request) => ({ kind: 'identity', id, version, update: channel(request, version) }),
  encode: identityAnswer,
});

function documentHandler(cache: PckCache, route: DocumentRoute, path: string, hot: HotAnswers) {
  return handler(async (request, response) => {
    // Taken before: what changes meanwhile must not be hidden by the answer of today.
    const revision = cache.revision();
    const document = await cache.document(route.name(request));
    const answer = route.encode(document, request);
    const { freshUntil } = document;
    hot.keep(request.originalUrl, { ...answer, route: path, freshUntil }, revision);
    send(response, answer);
  });
}

function send(response: Response, { headers, body }: WireAnswer): void {
  const { requestId } = contextOf(response);
  response.writeHead(200, [...headers, 'Request-ID', requestId]);
  response.end(response.req.method === 'HEAD' ? undefined : body);
}
