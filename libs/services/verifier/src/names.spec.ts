import { assertKind, parseKindName } from './evidence-kind';
import { partLost, parseWithout } from './parts';

const withCode = (code: string) => expect.objectContaining({ code });

describe('parseWithout', () => {
  it.each([
    ['', []],
    ['crl', ['pck-crl', 'root-ca-crl']],
    ['qe-identity,crl', ['qe-identity', 'pck-crl', 'root-ca-crl']],
    ['QE_IDENTITY, tcb_info', ['tcb-info', 'qe-identity']],
    ['collateral', ['tcb-info', 'qe-identity', 'pck-crl', 'root-ca-crl']],
    ['pck-crl,pck-crl,', ['pck-crl']],
  ])('reads "%s"', (text, parts) => {
    expect(parseWithout(text)).toEqual(parts);
  });

  it('refuses a part that it does not know', () => {
    expect(() => parseWithout('crl,signature')).toThrow(withCode('PART_UNKNOWN'));
  });
});

describe('partLost', () => {
  it.each([
    ['tcb-info-issuer-chain', 'tcb-info'],
    ['qe-identity-issuer-chain', 'qe-identity'],
    ['pck-crl', 'pck-crl'],
    ['pck-certificate-chain', undefined],
    ['avr-signature', undefined],
  ] as const)('of %s is %s', (missing, part) => {
    expect(partLost(missing)).toBe(part);
  });
});

describe('kinds', () => {
  it('are read in any case', () => {
    expect(parseKindName('SGX-Quote')).toBe('sgx-quote');
    expect(() => parseKindName('snp')).toThrow(withCode('KIND_UNKNOWN'));
  });

  it.each([
    ['sgx-quote-v3', undefined],
    ['sgx-quote-v3', 'sgx-quote-v3'],
    ['sgx-quote-v3', 'quote'],
    ['sgx-quote-v3', 'oe-report'],
    ['oe-evidence', 'oe-report'],
    ['tdx-quote-v5', 'tdx-quote'],
  ] as const)('let %s be called %s', (found, said) => {
    expect(() => assertKind(found, said)).not.toThrow();
  });

  it.each([
    ['sgx-quote-v3', 'tdx-quote'],
    ['sgx-quote-v3', 'sgx-quote-v4'],
    ['ias-avr', 'quote'],
    ['oe-report', 'sgx-quote'],
  ] as const)('do not let %s be called %s', (found, said) => {
    expect(() => assertKind(found, said)).toThrow(withCode('EVIDENCE_KIND_MISMATCH'));
  });
});
