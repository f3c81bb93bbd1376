import { fromUtf8, toBase64Url } from '@touchstone/bytes';
import { SgxClaim } from '@touchstone/claims';
import {
  DEFAULT_SGX_POLICY,
  DEFAULT_SGX_POLICY_2020,
  JsonDocument,
  PolicyEvaluationError,
  evaluatePolicy,
  formatPolicy,
  parsePolicy,
  serviceClaim,
} from '@touchstone/policy';
import {
  authoritiesFor,
  canonicalReleasePolicy,
  decideRelease,
  findKeyEncryptionKey,
  parseReleasePolicy,
  parseReleasePolicyText,
} from '@touchstone/release';
import { mutateJson } from '../json-mutations';
import { type FuzzTarget, orRefusal, promise } from '../target';
import { looseText } from '../text';
import { mutateWrappedJson } from '../wrapped-mutations';

const CLAIMS = [
  serviceClaim(SgxClaim.isDebuggable, false),
  serviceClaim(SgxClaim.mrEnclave, 'aa'.repeat(32)),
  serviceClaim(SgxClaim.mrSigner, 'bb'.repeat(32)),
  serviceClaim(SgxClaim.productId, 7),
  serviceClaim(SgxClaim.svn, 3),
  serviceClaim(SgxClaim.svn, 4),
  serviceClaim('events', JsonDocument.of({ Events: [{ Kind: 'boot', Seq: 2 }, { Seq: 3 }] })),
  serviceClaim('pcrs', JsonDocument.of({ PCRs: [{ Index: 7 }] })),
];

const POLICIES = [
  DEFAULT_SGX_POLICY,
  DEFAULT_SGX_POLICY_2020,
  `version=1.1;
configurationrules { => issueproperty(type="required_pcr_mask", value=15); };
authorizationrules
{
  // several conditions
  [type=="x-ms-sgx-is-debuggable", value==false] && s:[type=="x-ms-sgx-svn", value>=3] => add(claim=s);
  c1:[type=="x-ms-sgx-mrsigner"] && c2:[type=="x-ms-sgx-mrenclave", value!=c1.value] => permit();
  [type=="x-ms-sgx-product-id", valueType=="Integer", issuer=="AttestationService"] => deny();
};
issuancerules { c:[type=="x-ms-sgx-svn"] => issue(type="svn", value=c.value, valueType=c.valueType); };`,
  `version=1.2;
authorizationrules
{
  ![type=="x-ms-sgx-is-debuggable", value==true] => permit();
  c:[type=="events"] => add(type="kinds", value=JsonToClaimValue(JmesPath(c.value, "Events[?Seq > \`1\`].Kind | sort(@)")));
};
issuancerules
{
  k:[type=="kinds"] => issue(type="only", value=ContainsOnlyValue(k.value, "boot")); // all of them
  k:[type=="kinds"] && s:[type=="x-ms-sgx-mrsigner"] => issue(type="known", value=NegateBool(IsSubsetOf(k.value, s.value)));
  s:[type=="x-ms-sgx-mrsigner"] => issue(type=AppendString("signer-", s.issuer), value=AppendString("0x", s.value));
};`,
];

const words = [
  'version=1.0;',
  'version=1.1;',
  'version=1.2;',
  'authorizationrules',
  'issuancerules',
  'configurationrules',
  '{ };',
  '=> permit();',
  '=> deny();',
  '=> issue(claim=c);',
  '=> add(type="a", value=1);',
  'c:[type=="a"] && ',
  '[type=="x-ms-sgx-svn", value>=3]',
  'value>',
  '!=',
  '"\\"',
  '//',
  '/*',
  '9223372036854775808',
  '-1',
  'c.value',
  'true',
  '![type=="a"]',
  'JmesPath(c.value, "Events[*].Kind")',
  'JsonToClaimValue(',
  'AppendString("a", c.value)',
  'IsSubsetOf(c.value, c.value)',
];

function runPolicy(input: Uint8Array): string {
  const policy = parsePolicy(looseText(input));
  const formatted = formatPolicy(policy);
  promise('a printed policy is stable', formatPolicy(parsePolicy(formatted)) === formatted);
  const outcome = evaluated(policy);
  if (outcome === undefined) return 'not evaluated';
  promise('a refusal issues nothing', outcome.permitted || outcome.outgoing.length === 0);
  return `${outcome.verdict} ${Math.min(outcome.outgoing.length, 8)} ${Math.min(outcome.trace.length, 8)}`;
}

function evaluated(policy: ReturnType<typeof parsePolicy>) {
  try {
    return evaluatePolicy(policy, CLAIMS);
  } catch (error) {
    if (error instanceof PolicyEvaluationError) return undefined;
    throw error;
  }
}

const AUTHORITY = 'https://localhost:7010/sharedeus2';
const RELEASE_POLICIES = [
  {
    version: '1.0.0',
    anyOf: [
      {
        authority: AUTHORITY,
        allOf: [
          { claim: 'x-ms-sgx-mrsigner', equals: 'bb' },
          { claim: 'x-ms-sgx-svn', greaterOrEquals: 2 },
          {
            anyOf: [
              { claim: 'x-ms-runtime.a.b', exists: true },
              { claim: 'x', notEquals: 1 },
            ],
          },
        ],
      },
    ],
  },
  { version: '0.2', anyOf: [{ authority: `${AUTHORITY}/`, anyOf: [{ claim: 'a', equals: '*' }] }] },
].map((policy) => JSON.stringify(policy));

const TOKEN_CLAIMS = {
  iss: AUTHORITY,
  'x-ms-sgx-mrsigner': 'bb',
  'x-ms-sgx-svn': 3,
  'x-ms-runtime': { a: { b: 1 }, keys: [] },
};

function runReleasePolicy(text: string): string {
  const policy = parseReleasePolicyText(text);
  const canonical = canonicalReleasePolicy(policy);
  const again = canonicalReleasePolicy(parseReleasePolicyText(canonical));
  promise('the canonical policy is stable', again === canonical);
  const entries = authoritiesFor(policy, AUTHORITY);
  const { granted } = decideRelease(TOKEN_CLAIMS, entries);
  return `${Math.min(policy.anyOf.length, 3)} ${entries.length > 0} ${granted}`;
}

/** Policies of attestation and of key release, carried out where they can be read. */
export function policyTargets(): readonly FuzzTarget[] {
  const entries = parseReleasePolicyText(RELEASE_POLICIES[0] ?? '').anyOf;
  const claims = ['"allOf":[', '"equals":', '"notEquals":', ',]', ',}', '"claim":"x-ms-runtime.a"'];
  return [
    {
      name: 'attestation-policy',
      seeds: POLICIES.map(fromUtf8),
      tokens: words.map(fromUtf8),
      run: runPolicy,
    },
    {
      name: 'release-policy',
      seeds: RELEASE_POLICIES.map(fromUtf8),
      tokens: claims.map(fromUtf8),
      shape: mutateJson,
      run: (input) => runReleasePolicy(looseText(input)),
    },
    {
      name: 'release-policy-data',
      seeds: RELEASE_POLICIES.map((text) => fromUtf8(toBase64Url(fromUtf8(text)))),
      shape: mutateWrappedJson,
      run: (input) => `${parseReleasePolicy(looseText(input)).anyOf.length > 1}`,
    },
    {
      name: 'release-claims',
      seeds: [
        JSON.stringify(TOKEN_CLAIMS),
        JSON.stringify({
          'x-ms-runtime': {
            keys: [{ kid: 'TpmEphemeralEncryptionKey', kty: 'RSA', n: 'AQAB', e: 'AQAB' }],
          },
        }),
      ].map(fromUtf8),
      shape: mutateJson,
      run(input) {
        const claims = JSON.parse(jsonObjectText(input)) as Record<string, unknown>;
        const key = orRefusal(() => findKeyEncryptionKey(claims));
        return `${key !== undefined} ${decideRelease(claims, entries).granted}`;
      },
    },
  ];
}

/** Claims come out of a verified token, so that they are one JSON object whatever they say. */
function jsonObjectText(input: Uint8Array): string {
  const text = looseText(input);
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? text : '{}';
  } catch {
    return '{}';
  }
}
