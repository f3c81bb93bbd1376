import type { Express } from 'express';
import { AuthorityError, PROCESSOR_MODELS } from '@touchstone/authority';
import { handler, resource } from '@touchstone/http';
import { toPem } from '@touchstone/pki';
import { CERTIFICATE_TYPE, CRL_TYPE, encodePem, JSON_TYPE, PEM_TYPE, send } from '../answer';
import { caQuery, evaluationQuery, hexQuery, wordQuery } from '../parameters';
import type { IntelPcs } from '../service';

type Version = 'v3' | 'v4';

/** CRLs, TCB infos, enclave identities, evaluation numbers, FMSPCs, and what the root publishes. */
export function collateralRoutes(app: Express, pcs: IntelPcs): void {
  for (const version of ['v3', 'v4'] as const) {
    crlRoute(app, pcs, version);
    tcbRoute(app, pcs, version);
    identityRoute(app, pcs, `/sgx/certification/${version}/qe/identity`, 'QE', version);
    identityRoute(app, pcs, `/sgx/certification/${version}/qve/identity`, 'QVE', version);
  }
  identityRoute(app, pcs, '/sgx/certification/v4/qae/identity', 'QAE', 'v4');
  identityRoute(app, pcs, '/tdx/certification/v4/qe/identity', 'TD_QE', 'v4');
  tdxTcbRoute(app);
  evaluationNumberRoutes(app, pcs);
  fmspcRoute(app);
  rootRoutes(app, pcs);
}

function crlRoute(app: Express, pcs: IntelPcs, version: Version): void {
  resource(app, `/sgx/certification/${version}/pckcrl`, {
    get: handler((request, response) => {
      const ca = caQuery(request);
      const encoding = wordQuery(request, 'encoding', ['pem', 'der']);
      const at = pcs.clock.now();
      const der = pcs.authority().pckCrl(ca, at);
      send(response, {
        contentType: encoding === 'der' ? CRL_TYPE : PEM_TYPE,
        body: encoding === 'der' ? der : toPem(der, 'X509 CRL'),
        headers: {
          'SGX-PCK-CRL-Issuer-Chain': encodePem(pcs.authority().pckIssuerChain(ca, at)),
        },
      });
    }),
  });
}

function tcbRoute(app: Express, pcs: IntelPcs, version: Version): void {
  const chainHeader = version === 'v3' ? 'SGX-TCB-Info-Issuer-Chain' : 'TCB-Info-Issuer-Chain';
  resource(app, `/sgx/certification/${version}/tcb`, {
    get: handler((request, response) => {
      const fmspc = hexQuery(request, 'fmspc');
      const at = pcs.clock.now();
      // v3 knows neither update channels nor evaluation numbers, and answers with version 2 of the document.
      const options =
        version === 'v3' ? ({ version: 2 } as const) : { ...evaluationQuery(request) };
      send(response, {
        contentType: JSON_TYPE,
        body: pcs.authority().tcbInfo(fmspc, at, options),
        headers: { [chainHeader]: encodePem(pcs.authority().tcbIssuerChain(at)) },
      });
    }),
  });
}

/** No simulated processor has TDX: every FMSPC is unknown there. */
function tdxTcbRoute(app: Express): void {
  resource(app, '/tdx/certification/v4/tcb', {
    get: handler((request) => {
      hexQuery(request, 'fmspc');
      evaluationQuery(request);
      throw new AuthorityError('AUTHORITY_FMSPC_UNKNOWN', 'no TDX processor has this FMSPC', {
        field: 'fmspc',
      });
    }),
  });
}

function identityRoute(
  app: Express,
  pcs: IntelPcs,
  path: string,
  id: 'QE' | 'QVE' | 'QAE' | 'TD_QE',
  version: Version,
): void {
  resource(app, path, {
    get: handler((request, response) => {
      const at = pcs.clock.now();
      const options = version === 'v3' ? { advisories: false } : { ...evaluationQuery(request) };
      send(response, {
        contentType: JSON_TYPE,
        body: pcs.authority().enclaveIdentity(id, at, options),
        headers: {
          'SGX-Enclave-Identity-Issuer-Chain': encodePem(pcs.authority().tcbIssuerChain(at)),
        },
      });
    }),
  });
}

function evaluationNumberRoutes(app: Express, pcs: IntelPcs): void {
  for (const [tee, id] of [
    ['sgx', 'SGX'],
    ['tdx', 'TDX'],
  ] as const) {
    resource(app, `/${tee}/certification/v4/tcbevaluationdatanumbers`, {
      get: handler((_request, response) => {
        const at = pcs.clock.now();
        const chain = encodePem(pcs.authority().tcbIssuerChain(at));
        send(response, {
          contentType: JSON_TYPE,
          body: pcs.authority().evaluationDataNumbers(id, at),
          headers: { 'TCB-Evaluation-Data-Numbers-Issuer-Chain': chain },
        });
      }),
    });
  }
}

function fmspcRoute(app: Express): void {
  resource(app, '/sgx/certification/v4/fmspcs', {
    get: handler((request, response) => {
      const wanted = wordQuery(request, 'platform', ['all', 'client', 'E3', 'E5']);
      const found = PROCESSOR_MODELS.filter(
        ({ platform }) => wanted === 'all' || platform === wanted,
      );
      const list = found.map(({ fmspc, platform }) => ({ fmspc, platform }));
      send(response, { contentType: JSON_TYPE, body: JSON.stringify(list) });
    }),
  });
}

/** What stands on `certificates.trustedservices.intel.com`. */
function rootRoutes(app: Express, pcs: IntelPcs): void {
  const name = '/Intel_SGX_Provisioning_Certification_RootCA';
  const root = () => pcs.authority().certificates(pcs.clock.now()).root;
  resource(app, '/IntelSGXRootCA.der', {
    get: handler((_request, response) =>
      send(response, { contentType: CRL_TYPE, body: pcs.authority().rootCrl(pcs.clock.now()) }),
    ),
  });
  resource(app, `${name}.cer`, {
    get: handler((_request, response) =>
      send(response, { contentType: CERTIFICATE_TYPE, body: root().der }),
    ),
  });
  resource(app, `${name}.pem`, {
    get: handler((_request, response) =>
      send(response, { contentType: PEM_TYPE, body: root().pem }),
    ),
  });
}
