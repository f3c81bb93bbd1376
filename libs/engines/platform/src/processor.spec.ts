import { inspect } from 'node:util';
import fc from 'fast-check';
import { toHex } from '@touchstone/bytes';
import {
  attributes,
  encodeTargetInfo,
  parseReport,
  TARGET_INFO_SIZE,
  isReportForMe,
} from '@touchstone/quote';
import { codeOf } from './__fixtures__/code-of';
import { CPU_SVN, aLayout, aLoadRequest, aProcessor, load } from './__fixtures__/enclaves';
import { seeded } from './__fixtures__/seeded';
import { createProcessor, type EnclaveInstructions, type LoadedEnclave } from './processor';

const DATA = Uint8Array.from({ length: 64 }, (_, i) => i);

const targetInfoOf = ({ identity }: LoadedEnclave<EnclaveInstructions>): Uint8Array =>
  encodeTargetInfo({
    ...identity,
    attributes: attributes(identity.attributes.flags, identity.attributes.xfrm),
  });

describe('EREPORT', () => {
  const processor = aProcessor();
  const alice = load({}, processor);
  const bob = load({ layout: aLayout(0xb0), content: { isvProdId: 9 } }, processor);
  const toBob = () => alice.running.ereport(targetInfoOf(bob), DATA);

  it('tells who made it', () => {
    const { body } = parseReport(toBob());
    expect(body).toMatchObject({
      cpuSvn: CPU_SVN,
      mrEnclave: alice.identity.mrEnclave,
      mrSigner: alice.identity.mrSigner,
      isvProdId: 7,
      isvSvn: 5,
      reportData: DATA,
    });
    expect(toHex(body.attributes.bytes)).toBe('05000000000000000300000000000000');
  });

  it('is believed by its target, both ways', () => {
    expect(isReportForMe(bob.running, parseReport(toBob()))).toBe(true);
    const back = bob.running.ereport(targetInfoOf(alice), DATA);
    expect(isReportForMe(alice.running, parseReport(back))).toBe(true);
  });

  it('is not believed by another enclave', () => {
    expect(isReportForMe(alice.running, parseReport(toBob()))).toBe(false);
  });

  it('is not believed by a target that changed', () => {
    const changed = load({ layout: aLayout(0xb1) }, processor);
    const debug = load({ layout: aLayout(0xb0), debug: true }, processor);
    expect(isReportForMe(changed.running, parseReport(toBob()))).toBe(false);
    expect(isReportForMe(debug.running, parseReport(toBob()))).toBe(false);
  });

  it.each([
    ['another processor', { rootSealKey: new Uint8Array(16).fill(0x77) }],
    ['the same processor with another owner epoch', { ownerEpoch: new Uint8Array(16) }],
    ['the same processor after a TCB recovery', { cpuSvn: new Uint8Array(16).fill(5) }],
  ])('is not believed on %s', (_name, change) => {
    const there = load({ layout: aLayout(0xb0) }, aProcessor(change));
    expect(isReportForMe(there.running, parseReport(toBob()))).toBe(false);
  });

  it('has another KEYID after each power cycle', () => {
    const later = load({}, aProcessor({ random: seeded('later') }));
    const { keyId } = parseReport(later.running.ereport(targetInfoOf(bob), DATA));
    expect(keyId).not.toEqual(parseReport(toBob()).keyId);
  });

  it('is not believed after any flipped bit', () => {
    fc.assert(
      fc.property(fc.nat(431), fc.nat(7), (offset, bit) => {
        const report = toBob();
        report[offset] = (report[offset] ?? 0) ^ (1 << bit);
        expect(isReportForMe(bob.running, parseReport(report))).toBe(false);
      }),
    );
  });

  it.each([
    ['a short TARGETINFO', new Uint8Array(TARGET_INFO_SIZE - 1), DATA, 'SGX_GP targetInfo'],
    ['reserved bytes', new Uint8Array(TARGET_INFO_SIZE).fill(1, 500), DATA, 'SGX_GP reserved3'],
    ['short REPORTDATA', new Uint8Array(TARGET_INFO_SIZE), DATA.subarray(1), 'SGX_GP REPORTDATA'],
  ])('refuses %s', (_name, targetInfo, data, code) => {
    expect(codeOf(() => alice.running.ereport(targetInfo, data))).toBe(code);
  });
});

describe('a processor', () => {
  const silent = () =>
    createProcessor<'running'>({
      rootProvisioningKey: new Uint8Array(16).fill(0xa1),
      rootSealKey: new Uint8Array(16).fill(0xa2),
      cpuSvn: CPU_SVN,
      ownerEpoch: new Uint8Array(16),
      launchControl: { privilegedSigners: [] },
      random: seeded('silent'),
      execute: () => 'running',
    });

  it('shows a host no instruction, no key and no fuse', () => {
    const processor = silent();
    const enclave = processor.load(aLoadRequest());
    expect(Object.keys(processor)).toEqual(['cpuSvn', 'load']);
    expect(Object.keys(enclave).sort()).toEqual(['debugRead', 'identity', 'remove', 'running']);
    const shown = inspect([processor, enclave], {
      depth: Infinity,
      showHidden: true,
      maxArrayLength: null,
    });
    expect(shown).not.toMatch(/egetkey|161, 161|162, 162/);
  });

  it('measures and runs copies: what the host changes later changes nothing', () => {
    let run: Uint8Array | undefined;
    const processor = aProcessor({
      execute: (memory, instructions) => {
        run = memory.read(0, 4);
        return instructions;
      },
    });
    const request = aLoadRequest();
    const content = request.layout.pages[0]?.content;
    const enclave = processor.load(request);
    content?.fill(0);
    enclave.identity.mrEnclave.fill(0);
    const { body } = parseReport(enclave.running.ereport(new Uint8Array(TARGET_INFO_SIZE), DATA));
    expect(toHex(run ?? new Uint8Array())).toBe('c0c0c0c0');
    expect(toHex(body.mrEnclave)).not.toMatch(/^0+$/);
  });

  it('lets code inside change nothing of its own identity', () => {
    const processor = aProcessor({
      execute: (memory, instructions) => {
        memory.identity.mrEnclave.fill(0);
        return instructions;
      },
    });
    const { running } = processor.load(aLoadRequest());
    const { body } = parseReport(running.ereport(new Uint8Array(TARGET_INFO_SIZE), DATA));
    expect(toHex(body.mrEnclave)).not.toMatch(/^0+$/);
  });

  it('executes nothing for a removed enclave', () => {
    const enclave = load();
    enclave.remove();
    expect(codeOf(() => enclave.running.ereport(new Uint8Array(512), DATA))).toBe(
      'SGX_ENCLAVE_LOST',
    );
    expect(codeOf(() => enclave.running.egetkey(new Uint8Array(512)))).toBe('SGX_ENCLAVE_LOST');
    expect(codeOf(() => enclave.running.random(1))).toBe('SGX_ENCLAVE_LOST');
  });

  it('reads a debug enclave, page by page, and no production one', () => {
    const debug = load({ debug: true });
    expect(toHex(debug.debugRead(0xffe, 4))).toBe('c0c00000');
    expect(codeOf(() => debug.debugRead(0x3fff, 2))).toBe('SGX_GP address');
    expect(codeOf(() => debug.debugRead(-1, 2))).toBe('SGX_GP address');
    expect(codeOf(() => load().debugRead(0, 1))).toBe('SGX_GP EDBGRD');
  });

  it.each(['rootProvisioningKey', 'rootSealKey', 'cpuSvn', 'ownerEpoch'])(
    'needs a whole %s',
    (field) => {
      expect(codeOf(() => aProcessor({ [field]: new Uint8Array(15) }))).toBe(
        `SGX_INVALID_FUSES ${field}`,
      );
    },
  );

  it('gives its CPUSVN away as a copy', () => {
    const processor = aProcessor();
    processor.cpuSvn.fill(9);
    expect(processor.cpuSvn).toEqual(CPU_SVN);
  });
});
