import { generateKeyPairSync, sign } from 'node:crypto';
import { cpuSvnOf } from '@touchstone/authority';
import { concat, fromUtf8, sha256 } from '@touchstone/bytes';
import { ecSignerFromScalar } from '@touchstone/pki';
import { pceIdentity, pckScalar } from '@touchstone/platform';
import { encodeQuote, encodeReportBody, encodeSignedRegion, parseQuote } from '@touchstone/quote';
import { type TestPlatform, aQuote, pckOf, seededRandom } from '@touchstone/testkit';

const COORDINATE_BYTES = 32;

/**
 * Quotes of so many different platforms of one model, the same enclave on each. The first is a real machine; of the others
 * only the keys are made, for building ten thousand machines would take longer than judging them. Each has a PCK certificate,
 * a certified attestation key and signatures of its own.
 */
export function* fleetQuotes(
  first: TestPlatform,
  count: number,
  reportData: Uint8Array,
): Generator<Uint8Array> {
  const template = parseQuote(aQuote(first, { reportData }));
  yield template.bytes;
  const random = seededRandom('bench/fleet');
  const identity = pceIdentity(first.authority.mrSigner);
  const issuers = first.authority.pckIssuerChain(first.model.ca, first.at);
  for (let made = 1; made < count; made++) {
    const { platform: fused } = first.authority.manufacture(random, {
      model: first.model.name,
      at: first.at,
    });
    const platform = { ...first, fused };
    const { tcb, pem } = pckOf(platform);
    const scalar = pckScalar(fused.rootProvisioningKey, identity, cpuSvnOf(tcb), tcb.pceSvn);
    const attestation = newKey();
    const binding = sha256(attestation.point, template.authData);
    const qeReport = {
      ...template.qeReport,
      reportData: concat(binding, new Uint8Array(COORDINATE_BYTES)),
    };
    yield encodeQuote({
      ...template,
      signature: attestation.sign(encodeSignedRegion(template)),
      attestationKey: attestation.point,
      qeReport,
      qeReportSignature: ecSignerFromScalar(scalar).signRaw(encodeReportBody(qeReport)),
      certificationData: { type: 5, bytes: fromUtf8(`${pem}${issuers}\0`) },
    });
  }
}

/** A new P-256 key: x and y, and what signs with it. */
function newKey() {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  // Of SPKI the point is the end. Exported as JWK, one key in thousands would stop Node 20 for ever.
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  return {
    point: new Uint8Array(spki.subarray(-2 * COORDINATE_BYTES)),
    sign: (data: Uint8Array) =>
      new Uint8Array(sign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' })),
  };
}
