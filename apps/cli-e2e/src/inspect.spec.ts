import { fromUtf8, toBase64Url } from '@touchstone/bytes';
import { aPlatform, evidenceOf, pckChainOf } from '@touchstone/testkit';
import { Desk, buildTouchstone } from './touchstone';

const platform = aPlatform();
const { quote, collateral } = evidenceOf(platform);
const part = (value: unknown): string => toBase64Url(fromUtf8(JSON.stringify(value)));

let desk: Desk;

beforeAll(async () => {
  await buildTouchstone();
  desk = await Desk.open();
  await desk.put('quote.bin', quote);
  await desk.put('chain.pem', pckChainOf(platform));
  await desk.put('tcb.json', collateral.tcbInfo);
  await desk.put('token.jwt', `${part({ alg: 'none' })}.${part({ iss: 'someone' })}.\n`);
  await desk.put('noise', 'hello');
});

afterAll(() => desk.close());

const FILES = [
  ['quote', 'quote.bin', / {5}112 {5}32 {2}mrEnclave {18}[0-9a-f]{64}\n/],
  ['cert', 'chain.pem', /SGX extension\n {2}fmspc +[0-9a-f]{12}\n/],
  ['collateral', 'tcb.json', /TCB info, SGX [0-9a-f]{12}\n/],
  ['token', 'token.jwt', /Claims, not verified\n {2}iss +someone\n/],
] as const;

describe.each(FILES)('touchstone %s inspect', (command, file, expected) => {
  it('shows a person what is there', async () => {
    const ran = await desk.touchstone(command, 'inspect', file);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toMatch(expected);
  });

  it('shows a program the same', async () => {
    const { code, stdout } = await desk.touchstone(command, 'inspect', file, '--json');
    const { sections } = JSON.parse(stdout) as { sections: { fields: { name: string }[] }[] };
    expect(code).toBe(0);
    expect(sections[0]?.fields[0]?.name).toEqual(expect.any(String));
  });

  it.each(['noise', 'none'])('exits with 2 for a file that it cannot show: %s', async (other) => {
    const ran = await desk.touchstone(command, 'inspect', other);
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toMatch(/^touchstone: (?:INSPECT|FILE)_UNREADABLE: /);
  });
});
