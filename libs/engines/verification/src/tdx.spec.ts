import type { TcbLevel, TcbInfoDraft, TdxModuleIdentity } from '@touchstone/collateral';
import { TCB_STATUSES } from '@touchstone/collateral';
import type { TdReportBody } from '@touchstone/quote';
import { judge, refusedFor } from './__fixtures__/verdict';
import type { WorldOptions } from './__fixtures__/world';
import { AT, PLATFORM, filled, zeros } from './__fixtures__/world';
import { allAdvisories } from './index';
import type { TcbStatus } from './index';

const svn = (...first: readonly number[]): Uint8Array =>
  Uint8Array.from([...first, ...Array<number>(16 - first.length).fill(0)]);

const level = (sgx: number, tdx: Uint8Array, tcbStatus: TcbLevel['tcbStatus']): TcbLevel => ({
  sgxComponents: [sgx, ...PLATFORM.components.slice(1)],
  tdxComponents: Array.from(tdx),
  pceSvn: 13,
  tcbDate: AT,
  tcbStatus,
  advisoryIds: [`SA-${tcbStatus}`],
});

const moduleOf = (
  ...levels: readonly (readonly [number, TcbLevel['tcbStatus']])[]
): TdxModuleIdentity => ({
  id: 'TDX_01',
  mrSigner: zeros(48),
  attributes: zeros(8),
  attributesMask: filled(8, 0xff),
  tcbLevels: levels.map(([isvSvn, tcbStatus]) => ({
    isvSvn,
    tcbStatus,
    tcbDate: AT,
    advisoryIds: [`SA-module-${tcbStatus}`],
  })),
});

interface Tdx {
  readonly td?: Partial<TdReportBody>;
  readonly levels?: readonly TcbLevel[];
  readonly identities?: readonly TdxModuleIdentity[] | null;
  readonly more?: Partial<TcbInfoDraft>;
}

function tdx({ td, levels, identities, more }: Tdx): WorldOptions {
  return {
    td: { teeTcbSvn: svn(5, 1, 3), ...td },
    tcbInfo: {
      tcbLevels: levels ?? [level(5, svn(5, 1, 3), 'UpToDate')],
      ...(identities === null
        ? {}
        : { tdxModuleIdentities: identities ?? [moduleOf([5, 'UpToDate'])] }),
      ...more,
    },
  };
}

describe('a TDX quote', () => {
  it('is judged by platform, module and quoting enclave together', () => {
    const verified = judge(tdx({}));
    expect(verified).toMatchObject({
      tcb: { status: 'UpToDate' },
      tdxModule: { id: 'TDX_01', status: 'UpToDate' },
    });
    expect(allAdvisories(verified)).toEqual(['SA-UpToDate', 'SA-module-UpToDate']);
  });

  it('needs no module identity when it names no module version', () => {
    const verified = judge(
      tdx({
        td: { teeTcbSvn: svn(5, 0, 3) },
        levels: [level(5, svn(5, 0, 3), 'UpToDate')],
        identities: null,
      }),
    );
    expect(verified.tcb.status).toBe('UpToDate');
    expect(verified.tdxModule).toBeUndefined();
  });

  it('is not reached by a level with higher TDX components', () => {
    const levels = [level(5, svn(6, 0, 3), 'UpToDate'), level(5, svn(5, 0, 3), 'OutOfDate')];
    expect(judge(tdx({ td: { teeTcbSvn: svn(5, 0, 3) }, levels })).tcb.status).toBe('OutOfDate');
  });

  it.each<[string, Tdx, string, string]>([
    [
      'module of another signer',
      { td: { mrSignerSeam: filled(48, 1) } },
      'TDX_MODULE_MISMATCH',
      'tdx-mrsignerseam',
    ],
    [
      'module with attributes',
      { td: { seamAttributes: filled(8, 1) } },
      'TDX_MODULE_MISMATCH',
      'tdx-seamattributes',
    ],
    [
      'module version without identity',
      { td: { teeTcbSvn: svn(5, 3, 3) } },
      'TDX_MODULE_MISMATCH',
      'tdx-module-identity',
    ],
    [
      'TCB info without identities',
      { identities: null },
      'TCB_INFO_MISMATCH',
      'tdx-module-identity',
    ],
    [
      'module below every level',
      { identities: [moduleOf([6, 'UpToDate'])] },
      'TCB_NOT_SUPPORTED',
      'tdx-module-level',
    ],
    [
      'revoked module',
      { identities: [moduleOf([5, 'Revoked'])] },
      'TCB_REVOKED',
      'tdx-module-status',
    ],
    [
      'revoked platform',
      { levels: [level(5, svn(5, 1, 3), 'Revoked')] },
      'TCB_REVOKED',
      'tdx-module-status',
    ],
    [
      'platform below every TDX level',
      { levels: [level(5, svn(5, 1, 9), 'UpToDate')] },
      'TCB_NOT_SUPPORTED',
      'tcb-level',
    ],
  ])('is refused with a %s', (_name, options, code, check) => {
    expect(refusedFor(tdx(options))).toEqual([code, check]);
  });

  it('is refused with documents for SGX, and SGX with documents for TDX', () => {
    const { tdxComponents: _none, ...sgxLevel } = level(5, svn(), 'UpToDate');
    const sgxInfo = { id: 'SGX', tcbLevels: [sgxLevel] } as const;
    expect(refusedFor({ td: {}, tcbInfo: sgxInfo, moduleFree: true })).toEqual([
      'TCB_INFO_MISMATCH',
      'tcb-info-tee',
    ]);
    expect(refusedFor({ td: {}, identity: { id: 'QE' } })).toEqual([
      'QE_IDENTITY_MISMATCH',
      'qe-identity-tee',
    ]);
    expect(refusedFor({ identity: { id: 'TD_QE' } })).toEqual([
      'QE_IDENTITY_MISMATCH',
      'qe-identity-tee',
    ]);
  });

  /** What each status of the platform becomes when module or quoting enclave is not up to date. */
  const WITH_OLD_COMPONENT: Readonly<Record<TcbLevel['tcbStatus'], TcbStatus>> = {
    UpToDate: 'OutOfDate',
    SWHardeningNeeded: 'OutOfDate',
    ConfigurationNeeded: 'OutOfDateConfigurationNeeded',
    ConfigurationAndSWHardeningNeeded: 'OutOfDateConfigurationNeeded',
    OutOfDate: 'OutOfDate',
    OutOfDateConfigurationNeeded: 'OutOfDateConfigurationNeeded',
    Revoked: 'Revoked',
  };

  const pairs = TCB_STATUSES.flatMap((platform) =>
    TCB_STATUSES.map((module) => [platform, module] as const),
  );

  it.each(pairs)(
    'of a platform %s with a module %s, and any quoting enclave',
    (platform, module) => {
      for (const qe of TCB_STATUSES) {
        const options: WorldOptions = {
          ...tdx({
            levels: [level(5, svn(5, 1, 3), platform)],
            identities: [moduleOf([5, module])],
          }),
          identity: {
            tcbLevels: [{ isvSvn: 8, tcbDate: AT, tcbStatus: qe, advisoryIds: ['SA-qe'] }],
          },
        };
        const all = [platform, module, qe];
        if (all.includes('Revoked')) {
          expect([all, refusedFor(options)[0]]).toEqual([all, 'TCB_REVOKED']);
          continue;
        }
        const isOld = module !== 'UpToDate' || qe !== 'UpToDate';
        const verified = judge(options);
        expect([all, verified.tcb.status]).toEqual([
          all,
          isOld ? WITH_OLD_COMPONENT[platform] : platform,
        ]);
        expect([verified.tcb.levelStatus, verified.tdxModule?.status, verified.qe.status]).toEqual(
          all,
        );
        expect(allAdvisories(verified)).toEqual([`SA-${platform}`, 'SA-qe', `SA-module-${module}`]);
      }
    },
  );
});

describe('TD relaunch', () => {
  const old = svn(4, 1, 3);
  const now = svn(5, 1, 3);
  const identities = [moduleOf([5, 'UpToDate'], [4, 'OutOfDate'])];
  const relaunch = (teeTcbSvn2: Uint8Array, more: Tdx = {}, qeIsvSvn = 8): WorldOptions => ({
    ...tdx({
      identities,
      levels: [level(5, svn(5, 1, 3), 'UpToDate')],
      ...more,
      td: { teeTcbSvn: old, extension: { teeTcbSvn2, mrServiceTd: zeros(48) }, ...more.td },
    }),
    identity: {
      tcbLevels: [
        { isvSvn: 8, tcbDate: AT, tcbStatus: 'UpToDate', advisoryIds: [] },
        { isvSvn: 6, tcbDate: AT, tcbStatus: 'OutOfDate', advisoryIds: [] },
      ],
    },
    qeReport: { isvSvn: qeIsvSvn },
  });

  it.each<[string, WorldOptions, TcbStatus]>([
    ['is advised when only the module was old at launch', relaunch(now), 'TDRelaunchAdvised'],
    ['is of no use while the module is still old', relaunch(old), 'OutOfDate'],
    ['is of no use while the SEAM loader is old', relaunch(svn(5, 1, 2)), 'OutOfDate'],
    ['is of no use while the quoting enclave is old', relaunch(now, {}, 7), 'OutOfDate'],
    [
      'is advised with configuration when the platform asks for it',
      relaunch(now, { levels: [level(5, svn(5, 1, 3), 'ConfigurationNeeded')] }),
      'TDRelaunchAdvisedConfigurationNeeded',
    ],
    [
      'is of no use on an SGX platform that is out of date itself',
      relaunch(now, { levels: [level(5, svn(5, 1, 3), 'OutOfDate')] }),
      'OutOfDate',
    ],
    [
      'is not asked about when the module was new at launch',
      relaunch(now, {
        td: { teeTcbSvn: now, extension: { teeTcbSvn2: now, mrServiceTd: zeros(48) } },
      }),
      'UpToDate',
    ],
  ])('%s', (_name, options, status) => {
    expect(judge(options).tcb.status).toBe(status);
  });

  it('looks at the module components of the newest level when the module of now has no version', () => {
    expect(judge(relaunch(svn(5, 0, 3))).tcb.status).toBe('TDRelaunchAdvised');
    expect(judge(relaunch(svn(4, 0, 3))).tcb.status).toBe('OutOfDate');
  });

  it('refuses a module of now without identity', () => {
    expect(refusedFor(relaunch(svn(5, 7, 3)))).toEqual(['TDX_MODULE_MISMATCH', 'td-relaunch']);
  });
});
