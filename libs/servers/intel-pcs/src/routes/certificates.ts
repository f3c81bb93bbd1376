import type { Express, Request } from 'express';
import { cpuSvnOf, modelNamed, reaches, type IssuedPckCertificate } from '@touchstone/authority';
import { fromHex, toHex } from '@touchstone/bytes';
import { handler, headerValue, jsonBody, resource } from '@touchstone/http';
import type { FusedPlatform } from '@touchstone/ports';
import { encodePem, JSON_TYPE, PEM_TYPE, send, type PcsAnswer } from '../answer';
import { hexDigits, hexQuery, rawTcb } from '../parameters';
import { invalid, PcsRequestError } from '../request-error';
import type { IntelPcs } from '../service';

const PCE_ID = '0000';
/** Hex digits of a platform manifest. */
const MANIFEST_DIGITS = { min: 16_862, max: 112_884 };
const MANIFEST_BODY_BYTES = 128 * 1024;

export interface CertificateRouteOptions {
  /** Subscription keys that v3 takes; any that is not empty when absent. */
  readonly subscriptionKeys?: readonly string[];
}

/** `pckcert`, `pckcerts` and `pckcerts/config`, by encrypted PPID or by platform manifest. */
export function certificateRoutes(
  app: Express,
  pcs: IntelPcs,
  options: CertificateRouteOptions,
): void {
  const body = jsonBody(MANIFEST_BODY_BYTES);
  for (const version of ['v3', 'v4'] as const) {
    const base = `/sgx/certification/${version}`;
    const authorized = (answer: (request: Request) => Promise<PcsAnswer>) =>
      handler(async (request, response) => {
        if (version === 'v3') assertSubscriptionKey(request, options);
        send(response, await answer(request));
      });
    const manifest = authorized(async (request) => refuseManifest(request));
    resource(app, `${base}/pckcert`, {
      get: authorized((request) => pckCertificate(pcs, request)),
      post: [body, manifest],
    });
    resource(app, `${base}/pckcerts`, {
      get: authorized((request) => pckCertificates(pcs, request)),
      post: [body, manifest],
    });
    resource(app, `${base}/pckcerts/config`, {
      get: authorized((request) => pckCertificates(pcs, request, hexQuery(request, 'cpusvn'))),
      post: [body, manifest],
    });
  }
}

function assertSubscriptionKey(
  request: Request,
  { subscriptionKeys }: CertificateRouteOptions,
): void {
  const key = headerValue(request, 'Ocp-Apim-Subscription-Key');
  if (key && (subscriptionKeys?.includes(key) ?? true)) return;
  throw new PcsRequestError('PCS_SUBSCRIPTION_KEY', 'the subscription key is missing or unknown', {
    field: 'Ocp-Apim-Subscription-Key',
  });
}

async function pckCertificate(pcs: IntelPcs, request: Request): Promise<PcsAnswer> {
  const raw = rawTcb(hexQuery(request, 'cpusvn'), hexQuery(request, 'pcesvn'));
  const platform = await platformOf(pcs, request);
  const issued = pcs.authority().bestPckCertificate(platform, raw, pcs.clock.now());
  return {
    contentType: PEM_TYPE,
    body: issued.pem,
    headers: { ...platformHeaders(pcs, platform), 'SGX-TCBm': issued.tcbm },
  };
}

/** With a CPUSVN, only certificates that a platform with these components can use. */
async function pckCertificates(
  pcs: IntelPcs,
  request: Request,
  cpuSvn?: string,
): Promise<PcsAnswer> {
  const platform = await platformOf(pcs, request);
  const all = pcs.authority().pckCertificates(platform, pcs.clock.now());
  const usable = cpuSvn === undefined ? all : all.filter(({ tcb }) => reachedBy(cpuSvn, tcb));
  if (usable.length === 0) throw unknownPlatform('cpusvn');
  return {
    contentType: JSON_TYPE,
    body: JSON.stringify(usable.map(listEntry)),
    headers: platformHeaders(pcs, platform),
  };
}

const reachedBy = (cpuSvn: string, tcb: IssuedPckCertificate['tcb']): boolean =>
  reaches({ components: [...fromHex(cpuSvn)], pceSvn: tcb.pceSvn }, tcb);

function listEntry({ tcb, tcbm, pem }: IssuedPckCertificate) {
  const components = [...cpuSvnOf(tcb)].map(
    (svn, index) => [`sgxtcbcomp${String(index + 1).padStart(2, '0')}svn`, svn] as const,
  );
  return {
    tcb: { ...Object.fromEntries(components), pcesvn: tcb.pceSvn },
    tcbm,
    cert: encodePem(pem),
  };
}

function platformHeaders(pcs: IntelPcs, platform: FusedPlatform): Record<string, string> {
  const model = modelNamed(platform.model);
  const chain = pcs.authority().pckIssuerChain(model.ca, pcs.clock.now());
  return {
    'SGX-PCK-Certificate-Issuer-Chain': encodePem(chain),
    'SGX-FMSPC': model.fmspc,
    'SGX-PCK-Certificate-CA-Type': model.ca,
  };
}

/** The platform that an encrypted PPID names. A PPID that cannot be read is one that is not known. */
async function platformOf(pcs: IntelPcs, request: Request): Promise<FusedPlatform> {
  const keyType = headerValue(request, 'PPID-Encryption-Key');
  if (keyType !== undefined && keyType.toUpperCase() !== 'RSA-3072') {
    throw invalid('PPID-Encryption-Key', 'is not RSA-3072');
  }
  const encrypted = fromHex(hexQuery(request, 'encrypted_ppid'));
  if (hexQuery(request, 'pceid') !== PCE_ID) throw unknownPlatform('pceid');
  const ppid = toHex(pcs.authority().ppid.decrypt(encrypted));
  const platform = await pcs.fuses.find(ppid);
  if (!platform) throw unknownPlatform('encrypted_ppid');
  return platform;
}

/** No simulated platform has a manifest, so a well-formed one is one that nobody registered. */
function refuseManifest(request: Request): never {
  const members: unknown = request.body;
  if (typeof members !== 'object' || members === null) throw invalid('body', 'is no JSON object');
  const manifest: unknown = 'platformManifest' in members ? members.platformManifest : undefined;
  const { min, max } = MANIFEST_DIGITS;
  const wellFormed =
    typeof manifest === 'string' &&
    manifest.length >= min &&
    manifest.length <= max &&
    /^(?:[0-9a-fA-F]{2})+$/.test(manifest);
  if (!wellFormed) throw invalid('platformManifest', 'is no platform manifest in hex');
  hexDigits('pceid', 'pceid' in members ? members.pceid : undefined);
  throw unknownPlatform('platformManifest');
}

const unknownPlatform = (field: string): PcsRequestError =>
  new PcsRequestError('PCS_PLATFORM_UNKNOWN', 'there is no certificate for this platform', {
    field,
  });
