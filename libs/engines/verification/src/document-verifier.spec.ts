import { judge, refusal } from './__fixtures__/verdict';
import type { WorldOptions } from './__fixtures__/world';
import { AT, NEXT_UPDATE, aWorld, serialOf } from './__fixtures__/world';
import { verifyCrlDocument, verifyEnclaveIdentityDocument, verifyTcbInfoDocument } from './index';

const later = new Date(NEXT_UPDATE.getTime() + 1);

function documents(options: WorldOptions = {}, at = AT) {
  const { collateral, anchor, pem } = aWorld(options);
  const trust = { anchors: [anchor], at };
  return {
    tcbInfo: () => verifyTcbInfoDocument(collateral.tcbInfo, collateral.tcbInfoIssuerChain, trust),
    identity: () =>
      verifyEnclaveIdentityDocument(collateral.qeIdentity, collateral.qeIdentityIssuerChain, trust),
    pckCrl: () => verifyCrlDocument(collateral.pckCrl, collateral.pckCrlIssuerChain, trust),
    rootCrl: () => verifyCrlDocument(collateral.rootCaCrl, pem.root, trust),
    revoking: () => {
      const rootCaCrl = verifyCrlDocument(collateral.rootCaCrl, pem.root, trust).document;
      return [
        () =>
          verifyTcbInfoDocument(collateral.tcbInfo, collateral.tcbInfoIssuerChain, {
            ...trust,
            rootCaCrl,
          }),
        () =>
          verifyCrlDocument(collateral.pckCrl, collateral.pckCrlIssuerChain, {
            ...trust,
            rootCaCrl,
          }),
      ] as const;
    },
  };
}

describe('documents by themselves', () => {
  it('are proven without a quote', () => {
    const { tcbInfo, identity, pckCrl, rootCrl } = documents();
    expect(tcbInfo().document.fmspc).toBe('00606a000000');
    expect(identity().document.id).toBe('QE');
    expect(pckCrl().document.issuer.commonName).toBe('Intel SGX PCK Platform CA');
    expect(rootCrl().document.crlNumber).toBe(1n);
    expect(tcbInfo().checks.filter(({ result }) => result === 'skipped')).toHaveLength(1);
  });

  it('are dated', () => {
    const { tcbInfo, identity, pckCrl, rootCrl } = documents({}, later);
    const expired = [tcbInfo(), identity(), pckCrl(), rootCrl()].flatMap(
      ({ dates }) => dates.expired,
    );
    expect(expired).toEqual(['tcb-info', 'qe-identity', 'pck-crl', 'root-ca-crl']);
  });

  it.each<[string, WorldOptions, 'tcbInfo' | 'identity' | 'pckCrl' | 'rootCrl', string]>([
    [
      'TCB info of another key',
      { signedBy: { tcbInfo: 'root' } },
      'tcbInfo',
      'TCB_INFO_INVALID_SIGNATURE',
    ],
    [
      'an identity of another key',
      { signedBy: { identity: 'root' } },
      'identity',
      'QE_IDENTITY_INVALID_SIGNATURE',
    ],
    [
      'a PCK CRL of another key',
      { signedBy: { pckCrl: 'root' } },
      'pckCrl',
      'CRL_INVALID_SIGNATURE',
    ],
    [
      'a root CRL of another key',
      { signedBy: { rootCrl: 'leaf' } },
      'rootCrl',
      'CRL_INVALID_SIGNATURE',
    ],
    [
      'a PCK CRL of a CA of another key',
      { signedBy: { intermediate: 'leaf' } },
      'pckCrl',
      'INTERMEDIATE_CA_INVALID_ISSUER',
    ],
  ])('are refused: %s', (_name, options, document, code) => {
    expect(refusal(() => documents(options)[document]()).code).toBe(code);
  });

  it('are refused when their signer is revoked', () => {
    const at = AT;
    const revoked = [
      { serial: serialOf('signer'), at },
      { serial: serialOf('intermediate'), at },
    ];
    const [tcbInfo, pckCrl] = documents({ rootCrl: { revoked } }).revoking();
    expect(refusal(tcbInfo).code).toBe('TCB_SIGNING_CERT_REVOKED');
    expect(refusal(pckCrl).code).toBe('INTERMEDIATE_CA_REVOKED');
  });

  it('are refused when they lead to no anchor', () => {
    const { collateral } = aWorld();
    const trust = { anchors: [], at: AT };
    expect(
      refusal(() => verifyCrlDocument(collateral.pckCrl, collateral.pckCrlIssuerChain, trust)).code,
    ).toBe('PCK_CHAIN_UNTRUSTED');
    expect(
      refusal(() => verifyTcbInfoDocument(collateral.tcbInfo, collateral.tcbInfoIssuerChain, trust))
        .code,
    ).toBe('TCB_SIGNING_CERT_CHAIN_UNTRUSTED');
  });

  it('say the same as they do beside a quote', () => {
    const { checks } = documents().tcbInfo();
    const beside = judge().checks.filter(
      ({ name }) => name.startsWith('tcb-info-') && !/tee|fmspc|pceid/.test(name),
    );
    const results = (list: typeof checks) =>
      list.filter(({ name }) => !name.endsWith('not-revoked'));
    expect(results(checks)).toEqual(results(beside));
  });
});
