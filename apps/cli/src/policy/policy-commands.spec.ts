import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { toHex } from '@touchstone/bytes';
import { openPolicyDocument, policyHash, wrapPolicy } from '@touchstone/policy-document';
import { encodeOeReport } from '@touchstone/quote';
import { unsecuredJwt } from '@touchstone/token';
import { A_QUOTE } from './__fixtures__/a-quote';
import { runPolicy } from './__fixtures__/run-command';

const POLICY = `version=1.2;
authorizationrules{
  // not too old
  [type=="x-ms-sgx-svn", value>=3] && ![type=="x-ms-sgx-is-debuggable", value==true] => permit();
};
issuancerules{ c:[type=="x-ms-sgx-mrsigner"] => issue(type="signer", value=c.value); };
`;

let folder: string;
let policy: string;

const put = async (name: string, content: string | Uint8Array): Promise<string> => {
  const file = path.join(folder, name);
  await writeFile(file, content);
  return file;
};
const putJson = (name: string, value: unknown): Promise<string> => put(name, JSON.stringify(value));
const parsed = (out: string): Record<string, unknown> => JSON.parse(out) as Record<string, unknown>;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'policy-'));
  policy = await put('policy.txt', POLICY);
});
afterAll(() => rm(folder, { recursive: true }));

describe('policy check', () => {
  it('says what a policy is, and what it hardly means', async () => {
    const odd = await put(
      'odd.txt',
      `version=1.2;
configurationrules{ => issueproperty(type="tcb", value="12"); };
authorizationrules{
  [type=="x-ms-sgx-mrsigner", value=="${'AB'.repeat(32)}"] => deny();
  c:[type=="events"] => add(type="e", value=JmesPath(c.value, "a["));
};`,
    );
    expect((await runPolicy('check', policy)).out).toBe(
      `${policy}: a policy of version 1.2 with 2 rules, hash ${policyHash(POLICY)}\n`,
    );
    const { out, exitCode } = await runPolicy('check', odd, '--json');
    expect(exitCode).toBe(0);
    const { findings } = parsed(out) as { findings: { line: number }[] };
    expect(findings.map(({ line }) => line)).toEqual([1, 2, 4, 5]);
  });

  it('points at what is wrong, and says how the service would', async () => {
    const bad = await put(
      'bad.txt',
      'version=1.0;\nauthorizationrules{ [type="a"] => permit(); };',
    );
    const { out, exitCode } = await runPolicy('check', bad);
    expect(exitCode).toBe(1);
    expect(out.split('\n').slice(0, 4)).toEqual([
      `${bad}:2:26: mismatched input '=' expecting {'==', '!=', '<', '<=', '>', '>='}`,
      '  authorizationrules{ [type="a"] => permit(); };',
      `  ${' '.repeat(25)}^`,
      `  expected  '==' or '!=' or '<' or '<=' or '>' or '>='`,
    ]);
    expect(out).toContain("Policy Parser Exception Thrown: Offending symbol: '=' Line: '2'");
    expect(parsed((await runPolicy('check', bad, '--json')).out)).toMatchObject({
      valid: false,
      error: { code: 'POLICY_SYNTAX', line: 2, column: 26, offendingSymbol: '=' },
    });
  });

  it('looks into a JWS', async () => {
    const jws = await put('policy.jws', `${wrapPolicy(POLICY)}\n`);
    expect((await runPolicy('check', jws)).out).toContain(policyHash(POLICY));
  });
});

describe('policy eval', () => {
  it('tells a person what each rule did', async () => {
    const claims = await putJson('good.json', { 'x-ms-sgx-svn': 3, 'x-ms-sgx-mrsigner': 'aa' });
    expect((await runPolicy('eval', policy, '--claims', claims)).out).toBe(
      `${policy}: permitted
  policy hash  ${policyHash(POLICY)}

authorizationrules
  ✓ 1  line 4: [type=="x-ms-sgx-svn", value>=3] && ![type=="x-ms-sgx-is-debuggable", value==true] => permit();

issuancerules
  ✓ 1  line 6: c:[type=="x-ms-sgx-mrsigner"] => issue(type="signer", value=c.value);
      c: x-ms-sgx-mrsigner = "aa" (AttestationService)
      issue signer = "aa" (AttestationPolicy)

issued
  signer = "aa"
`,
    );
  });

  it.each<[string, object, string]>([
    [
      'the nearest claim',
      { 'x-ms-sgx-svn': 2 },
      'nearest  x-ms-sgx-svn = 2 (AttestationService), which fails value>=3',
    ],
    ['that there is none', {}, 'nearest  no such claim'],
    [
      'the claim that should not be there',
      { 'x-ms-sgx-svn': 3, 'x-ms-sgx-is-debuggable': true },
      'present  x-ms-sgx-is-debuggable = true (AttestationService)',
    ],
    ['what cannot be compared', { 'x-ms-sgx-svn': 'three' }, 'POLICY_TYPE_MISMATCH'],
  ])('names %s when it refuses', async (_name, claims, expected) => {
    const { out } = await runPolicy('eval', policy, '--claims', await putJson('bad.json', claims));
    expect(out).toContain('denied');
    expect(out).toContain(expected);
  });

  it('prints one JSON document when asked, and an exit code when asked', async () => {
    const claims = await putJson('json.json', { 'x-ms-sgx-svn': 1, events: { a: 1 } });
    const run = await runPolicy('eval', policy, '--claims', claims, '--json', '--exit-code');
    expect(run.exitCode).toBe(1);
    expect(parsed(run.out)).toMatchObject({
      verdict: 'no-permit',
      permitted: false,
      outgoing: {},
      policy: { hash: policyHash(POLICY) },
      claims: [
        { type: 'x-ms-sgx-svn', value: 1 },
        { type: 'events', value: { a: 1 } },
      ],
      trace: [
        {
          fired: false,
          conditions: [{ held: false, nearest: { claim: { value: 1 }, failed: 'value>=3' } }],
        },
      ],
    });
  });

  it('takes the claims that the policy of a token saw', async () => {
    const token = await put(
      'token.jwt',
      unsecuredJwt({
        iss: 'https://a',
        signer: 'forged',
        'x-ms-ver': '1.0',
        'x-ms-policy': { signer: 'forged' },
        'x-ms-policy-hash': 'h',
        'x-ms-runtime': {},
        'x-ms-sgx-svn': 3,
        'x-ms-sgx-mrsigner': 'aa',
      }),
    );
    const { claims } = parsed((await runPolicy('eval', policy, '--token', token, '--json')).out);
    expect((claims as { type: string }[]).map(({ type }) => type).sort()).toEqual([
      '$sgx-mrsigner',
      '$svn',
      'x-ms-sgx-mrsigner',
      'x-ms-sgx-svn',
    ]);
  });

  it.each([
    ['a quote', A_QUOTE],
    ['a quote in hex', toHex(A_QUOTE)],
    ['an Open Enclave report', encodeOeReport(A_QUOTE)],
  ])('takes the claims of %s', async (_name, content) => {
    const { out } = await runPolicy('eval', policy, '--quote', await put('quote', content));
    expect(out).toContain('nearest  x-ms-sgx-svn = 2 (AttestationService), which fails value>=3');
  });

  it.each<[string, readonly string[], string]>([
    ['no claims', [], 'commander.error'],
    ['two kinds of claims', ['--claims', 'a', '--token', 'b'], 'commander.error'],
    ['a file that is not there', ['--claims', '/nowhere'], 'FILE_UNREADABLE'],
  ])('is refused with %s', async (_name, args, code) => {
    expect((await runPolicy('eval', policy, ...args)).code).toBe(code);
  });

  it('is refused with a policy as a token', async () => {
    expect((await runPolicy('eval', policy, '--token', policy)).code).toBe('TOKEN_FILE_INVALID');
  });
});

describe('policy diff', () => {
  it('says whose verdict changes, and whose claims', async () => {
    const claims = path.join(folder, 'machines');
    await mkdir(claims);
    await putJson('machines/old.json', { 'x-ms-sgx-svn': 3, 'x-ms-sgx-mrsigner': 'aa' });
    await putJson('machines/new.json', { 'x-ms-sgx-svn': 4, 'x-ms-sgx-mrsigner': 'aa' });
    await putJson('machines/bare.json', { 'x-ms-sgx-svn': 5 });
    const stricter = POLICY.replace('>=3', '>=4').replace('type="signer"', 'type="mrsigner"');
    const after = await put('stricter.txt', stricter);
    const { out, exitCode } = await runPolicy('diff', policy, after, '--claims', claims);
    expect(exitCode).toBe(0);
    expect(out).toBe(
      `✓ bare.json: permit
· new.json: permit, but {"signer":"aa"} → {"mrsigner":"aa"}
✗ old.json: permit → no-permit
1 of 3 verdicts change
`,
    );
    const json = await runPolicy(
      'diff',
      policy,
      after,
      '--claims',
      claims,
      '--json',
      '--exit-code',
    );
    expect(json.exitCode).toBe(1);
    expect(parsed(json.out)).toMatchObject({ changed: 1 });
  });

  it('is refused with a folder without claims', async () => {
    const { code } = await runPolicy('diff', policy, policy, '--claims', path.join(folder, 'none'));
    expect(code).toBe('CLAIMS_FILE_INVALID');
  });
});

describe('policy format', () => {
  it('prints, checks and writes', async () => {
    const file = await put('format.txt', POLICY);
    const { out } = await runPolicy('format', file);
    expect(out).toContain('  // not too old\n');
    expect((await runPolicy('format', file, '--check')).exitCode).toBe(1);
    expect((await runPolicy('format', file, '--write')).out).toBe('');
    expect(await readFile(file, 'utf8')).toBe(out);
    expect((await runPolicy('format', file, '--check')).exitCode).toBe(0);
  });
});

describe('policy hash, wrap and sign', () => {
  it('hash every byte of the file', async () => {
    expect((await runPolicy('hash', policy)).out).toBe(`${policyHash(POLICY)}\n`);
    const crlf = await put('crlf.txt', POLICY.replaceAll('\n', '\r\n'));
    expect((await runPolicy('hash', crlf)).out).not.toBe(`${policyHash(POLICY)}\n`);
  });

  it('hash the JWS too where there is one', async () => {
    const jws = wrapPolicy('version=1.0; authorizationrules{=> permit();}; issuancerules{};');
    const file = await put('minimal.jws', jws);
    expect(parsed((await runPolicy('hash', file, '--json')).out)).toMatchObject({
      policyHash: 'z0FRjKS0ssQTNur1V6BV8WIrh9M3fzgTo0EfHRvapWU',
      policyTokenHash: 'c6sEJQItV50OeP9IrP_bzywAMOVvj5uDPbklA_bwdYQ',
      signed: false,
    });
  });

  it('wrap without changing a byte, and write no line end', async () => {
    expect((await runPolicy('wrap', policy)).out).toBe(`${wrapPolicy(POLICY)}\n`);
    const out = path.join(folder, 'out.jws');
    await runPolicy('wrap', policy, '--out', out);
    expect(await readFile(out, 'utf8')).toBe(wrapPolicy(POLICY));
  });

  it('refuse what is no policy', async () => {
    const bad = await put('no-policy.txt', 'permit everything');
    expect((await runPolicy('wrap', bad)).code).toBe('POLICY_SYNTAX');
    expect((await runPolicy('sign', bad, '--p12', bad)).code).toBe('POLICY_SYNTAX');
  });

  const keys = path.join(__dirname, '__fixtures__/keys');

  it('sign with a PKCS#12 file, and with a key and its certificate', async () => {
    const password = await put('password', 'secret\n');
    const p12 = ['--p12', path.join(keys, 'signer.p12'), '--password-file', password];
    const pem = ['--key', path.join(keys, 'signer.key'), '--cert', path.join(keys, 'signer.pem')];
    for (const options of [p12, pem]) {
      const { out } = await runPolicy('sign', policy, ...options);
      const { text, signer } = openPolicyDocument(out.trim(), { model: 'aad' });
      expect([text, signer?.jwk['kty']]).toEqual([POLICY, 'EC']);
    }
  });

  it.each<[string, readonly string[], string]>([
    ['no key', [], 'commander.error'],
    ['half a pair', ['--key', 'a'], 'commander.error'],
    ['both', ['--p12', 'a', '--key', 'b', '--cert', 'c'], 'commander.error'],
    ['a wrong password', ['--p12', path.join(keys, 'signer.p12')], 'PKI_PKCS12_PASSWORD'],
    [
      'a certificate as a key',
      ['--key', path.join(keys, 'signer.pem'), '--cert', path.join(keys, 'signer.pem')],
      'KEY_FILE_INVALID',
    ],
  ])('sign nothing with %s', async (_name, options, code) => {
    expect((await runPolicy('sign', policy, ...options)).code).toBe(code);
  });
});
