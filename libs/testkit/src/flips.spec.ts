import fc from 'fast-check';
import { CodedError } from '@touchstone/errors';
import { fromUtf8, toHex } from '@touchstone/bytes';
import { type Collateral, parseEnclaveIdentity, parseTcbInfo } from '@touchstone/collateral';
import { parsePemChain, toPem } from '@touchstone/pki';
import { encodeQuote, parseQuote } from '@touchstone/quote';
import { createQuoteVerifier } from '@touchstone/verification';
import { type Evidence, aPlatform, evidenceOf, flipped } from './index';

const platform = aPlatform({ model: 'simulated-e5' });
const sound = evidenceOf(platform, { reportData: Uint8Array.of(1) });
const quote = parseQuote(sound.quote);

// One verifier for all cases: what it remembers of sound evidence must never vouch for damaged evidence.
const verifier = createQuoteVerifier({ anchors: [platform.authority.anchor] });
const accepts = (evidence: Evidence): boolean => {
  try {
    verifier.verify(parseQuote(evidence.quote), evidence.collateral, platform.at);
    return true;
  } catch (error) {
    // Only a coded error is an answer; anything else would be a bug that damage can trigger.
    if (error instanceof CodedError) return false;
    throw error;
  }
};

/** A region of bytes, and the evidence with other bytes in its place. */
interface Region {
  readonly bytes: Uint8Array;
  readonly put: (bytes: Uint8Array) => Evidence;
}

const inQuote = (bytes: Uint8Array): Region => {
  const start = toHex(sound.quote).indexOf(toHex(bytes)) / 2;
  return {
    bytes,
    put: (changed) => {
      const whole = sound.quote.slice();
      whole.set(changed, start);
      return { ...sound, quote: whole };
    },
  };
};

const inCollateral = (part: Partial<Collateral>): Evidence => ({
  ...sound,
  collateral: { ...sound.collateral, ...part },
});

/** One certificate of a PEM chain, as DER. */
const inChain = (pem: string, index: number, put: (pem: string) => Evidence): Region => {
  const ders = parsePemChain(pem).map(({ der }) => der);
  return {
    bytes: ders[index] ?? new Uint8Array(),
    put: (changed) => put(ders.map((der, i) => toPem(i === index ? changed : der)).join('')),
  };
};

const inDocument = (name: 'tcbInfo' | 'qeIdentity', signedBytes: Uint8Array): Region => {
  const body = sound.collateral[name];
  const start = toHex(body).indexOf(toHex(signedBytes)) / 2;
  return {
    bytes: signedBytes,
    put: (changed) => {
      const whole = body.slice();
      whole.set(changed, start);
      return inCollateral({ [name]: whole });
    },
  };
};

const { collateral } = sound;
const pckChain = Buffer.from(quote.certificationData.bytes).toString('latin1');
const withPckChain = (pem: string): Evidence => ({
  ...sound,
  quote: encodeQuote({ ...quote, certificationData: { type: 5, bytes: fromUtf8(`${pem}\0`) } }),
});

const REGIONS: Readonly<Record<string, Region>> = {
  'quote header and body': inQuote(quote.signedBytes),
  'quote signature': inQuote(quote.signature),
  'attestation key': inQuote(quote.attestationKey),
  'QE report': inQuote(quote.qeReportBytes),
  'QE report signature': inQuote(quote.qeReportSignature),
  'QE authentication data': inQuote(quote.authData),
  'PCK certificate': inChain(pckChain, 0, withPckChain),
  'PCK CA certificate': inChain(pckChain, 1, withPckChain),
  'root certificate': inChain(pckChain, 2, withPckChain),
  'TCB signing certificate': inChain(collateral.tcbInfoIssuerChain, 0, (tcbInfoIssuerChain) =>
    inCollateral({ tcbInfoIssuerChain }),
  ),
  'root certificate above the QE identity': inChain(
    collateral.qeIdentityIssuerChain,
    1,
    (qeIdentityIssuerChain) => inCollateral({ qeIdentityIssuerChain }),
  ),
  'CA certificate beside the PCK CRL': inChain(
    collateral.pckCrlIssuerChain,
    0,
    (pckCrlIssuerChain) => inCollateral({ pckCrlIssuerChain }),
  ),
  'PCK CRL': { bytes: collateral.pckCrl, put: (pckCrl) => inCollateral({ pckCrl }) },
  'root CA CRL': { bytes: collateral.rootCaCrl, put: (rootCaCrl) => inCollateral({ rootCaCrl }) },
  'TCB info': inDocument('tcbInfo', parseTcbInfo(collateral.tcbInfo).signedBytes),
  'QE identity': inDocument('qeIdentity', parseEnclaveIdentity(collateral.qeIdentity).signedBytes),
};

describe.each(Object.entries(REGIONS))('%s', (_name, { bytes, put }) => {
  it('is accepted as it is', () => {
    expect(accepts(put(bytes))).toBe(true);
  });

  it('is not accepted with any one of its bytes changed', () => {
    const accepted = Array.from(bytes, (_, index) => index).filter((index) =>
      accepts(put(flipped(bytes, index * 8 + (index % 8)))),
    );
    expect(accepted).toEqual([]);
  });

  it('is not accepted with some byte set to any other value', () => {
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (index, mask) => {
        const changed = bytes.slice();
        changed[index] = (changed[index] ?? 0) ^ mask;
        expect(accepts(put(changed))).toBe(false);
      }),
      { numRuns: 150 },
    );
  });
});

describe('small regions', () => {
  it.each(['quote signature', 'attestation key', 'QE authentication data', 'QE report signature'])(
    'no bit of the %s can be changed',
    (name) => {
      const region = REGIONS[name];
      const bits = Array.from({ length: (region?.bytes.length ?? 0) * 8 }, (_, bit) => bit);
      expect(
        bits.filter((bit) => region && accepts(region.put(flipped(region.bytes, bit)))),
      ).toEqual([]);
      expect(bits.length).toBeGreaterThan(0);
    },
  );
});
