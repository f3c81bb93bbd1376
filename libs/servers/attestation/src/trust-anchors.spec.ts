import { ecSignerFromScalar, issueCertificate, toPem } from '@touchstone/pki';
import { fromUtf8 } from '@touchstone/bytes';
import { INTEL_SGX_ROOT } from '@touchstone/verification';
import { trustAnchors } from './trust-anchors';

const key = ecSignerFromScalar(new Uint8Array(32).fill(9));
const root = issueCertificate(
  {
    subject: [{ type: 'CN', value: 'Simulated SGX Root CA' }],
    issuer: [{ type: 'CN', value: 'Simulated SGX Root CA' }],
    serial: Uint8Array.of(1),
    notBefore: new Date('2026-01-01T00:00:00Z'),
    notAfter: new Date('2036-01-01T00:00:00Z'),
    publicKeyBytes: key.publicKeyBytes,
    isCa: true,
    keyUsage: ['keyCertSign'],
  },
  key,
);

describe('trustAnchors', () => {
  it('are Intel’s alone unless a simulator is named', () => {
    expect(trustAnchors(undefined)).toEqual([INTEL_SGX_ROOT]);
  });

  it.each([
    ['DER', root],
    ['PEM', fromUtf8(toPem(root))],
  ])('have the simulator’s key from %s', (_name, bytes) => {
    expect(trustAnchors(bytes)).toEqual([
      INTEL_SGX_ROOT,
      { name: 'simulated', publicKey: key.publicKeyBytes },
    ]);
  });

  it('do not start with something else in place of a certificate', () => {
    expect(() => trustAnchors(fromUtf8('no certificate'))).toThrow();
  });
});
