import type { Check, CheckResult } from '@touchstone/decision';
import type { Fact, Judgement, Verdict } from '@touchstone/service-verifier';
import { detailOf } from '@touchstone/service-verifier';
import type { Paint } from '../paint';

const MARKS: Readonly<Record<CheckResult, string>> = {
  passed: '✓',
  failed: '✗',
  noted: '·',
  skipped: '–',
};

const HEADLINES: Readonly<Record<Verdict, string>> = {
  genuine: 'GENUINE',
  rejected: 'REJECTED',
  'not-judged': 'NOT JUDGED',
};

const KINDS: Readonly<Record<string, string>> = {
  'sgx-quote-v3': 'SGX quote, version 3',
  'sgx-quote-v4': 'SGX quote, version 4',
  'sgx-quote-v5': 'SGX quote, version 5',
  'tdx-quote-v4': 'TDX quote, version 4',
  'tdx-quote-v5': 'TDX quote, version 5',
  'oe-report': 'Open Enclave report',
  'oe-evidence': 'Open Enclave evidence',
  'ias-avr': 'attestation report of Intel’s EPID service',
};

/** What a status means for whoever relies on the evidence. */
const STATUS_MEANINGS: Readonly<Record<string, string>> = {
  UpToDate: 'nothing known is left to be done',
  SWHardeningNeeded:
    'firmware is current; the enclave itself must be hardened against the advisories',
  ConfigurationNeeded: 'firmware is current; a platform setting leaves it open to the advisories',
  ConfigurationAndSWHardeningNeeded:
    'firmware is current; a platform setting and hardening of the enclave are wanted',
  OutOfDate: 'the platform lacks updates, and the advisories apply to it',
  OutOfDateConfigurationNeeded:
    'the platform lacks updates and a setting; the advisories apply to it',
  TDRelaunchAdvised:
    'the platform is current by now; the TD was launched before and should be again',
  TDRelaunchAdvisedConfigurationNeeded:
    'the TD should be launched again, and a platform setting is wanted',
  Revoked: 'the platform is no longer trusted at all',
  OK: 'nothing known is left to be done',
  GROUP_OUT_OF_DATE: 'the platform lacks updates, and the advisories apply to it',
  CONFIGURATION_NEEDED: 'a platform setting leaves it open to the advisories',
  SW_HARDENING_NEEDED: 'the enclave itself must be hardened against the advisories',
  CONFIGURATION_AND_SW_HARDENING_NEEDED:
    'a platform setting and hardening of the enclave are wanted',
};

const LABEL_WIDTH = 16;
const MAX_VALUE_CHARACTERS = 140;

export interface RenderOptions {
  readonly paint: Paint;
  /** Every check, not only those that did not simply pass. */
  readonly allChecks: boolean;
}

/** A verdict as a person reads it: what it is, what it says, what it rests on. */
export function renderJudgement(judgement: Judgement, options: RenderOptions): string {
  const blocks = [
    headBlock(judgement, options),
    standingBlock(judgement),
    identityBlock(judgement),
    platformBlock(judgement),
    collateralBlock(judgement),
    checksBlock(judgement, options),
    adviceBlock(judgement),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

const row = (label: string, value: string): string => `  ${label.padEnd(LABEL_WIDTH)} ${value}`;

function headBlock({ document, kind, reason, at }: Judgement, { paint }: RenderOptions): string[] {
  const { verdict, code, missing } = document;
  const limit = verdict === 'genuine' && missing.length > 0 ? ' as far as judged' : '';
  const headline = `${paint(HEADLINES[verdict], verdict)}${limit}`;
  const what = kind === undefined ? '' : `  ${KINDS[kind] ?? kind}`;
  return [
    `${headline}${what}${code === null ? '' : `  ${code}`}`,
    ...(reason === undefined ? [] : [`  ${shortened(reason)}`]),
    ...(verdict === 'genuine' ? [`  judged as of ${at.toISOString()}`] : []),
  ];
}

function standingBlock({ document }: Judgement): string[] {
  const { tcbStatus, qeStatus, advisories, anchor, missing, verdict } = document;
  const rows = [
    ...(tcbStatus === null ? [] : [row('TCB status', tcbStatus)]),
    ...(tcbStatus === null || verdict !== 'genuine' ? [] : meaningRows(tcbStatus)),
    ...(qeStatus === null ? [] : [row('Quoting enclave', qeStatus)]),
    ...wrapped('Advisories', advisories),
    ...(anchor === null ? [] : [row('Trusted root', anchor)]),
    ...(verdict !== 'not-judged' && missing.length > 0
      ? [row('Judged without', missing.join(', '))]
      : []),
  ];
  return rows;
}

const meaningRows = (status: string): string[] => {
  const meaning = STATUS_MEANINGS[status];
  return meaning === undefined ? [] : [row('', meaning)];
};

const ADVISORIES_PER_LINE = 5;

function wrapped(label: string, values: readonly string[]): string[] {
  const lines: string[] = [];
  for (let at = 0; at < values.length; at += ADVISORIES_PER_LINE) {
    lines.push(row(at === 0 ? label : '', values.slice(at, at + ADVISORIES_PER_LINE).join(', ')));
  }
  return lines;
}

/** Facts that name the enclave or TD, by what people call them. */
const IDENTITY: readonly (readonly [name: string, label: string])[] = [
  ['mrEnclave', 'MRENCLAVE'],
  ['mrSigner', 'MRSIGNER'],
  ['isvProdId', 'Product id'],
  ['isvSvn', 'Security version'],
  ['mrTd', 'MRTD'],
  ['rtmr', 'RTMR'],
  ['tdAttributes', 'TD attributes'],
  ['xfam', 'XFAM'],
  ['reportData', 'Report data'],
  ['customClaims', 'Custom claims'],
];

const PLATFORM: readonly (readonly [name: string, label: string])[] = [
  ['fmspc', 'FMSPC'],
  ['pckCa', 'Certified by'],
  ['pceId', 'PCE'],
  ['ppid', 'PPID'],
  ['pckCpuSvn', 'CPUSVN'],
  ['epidGroupId', 'EPID group'],
  ['timestamp', 'Reported at'],
];

function identityBlock({ document: { facts, verdict } }: Judgement): string[] {
  const rows = IDENTITY.flatMap(([name, label]) => factRows(label, facts[name]));
  if (rows.length === 0) return [];
  const title = 'mrTd' in facts ? 'Trust domain' : 'Enclave';
  const debug =
    facts['debug'] === true ? [row('Debug', 'yes: its memory can be read from outside')] : [];
  const claimed = verdict === 'genuine' ? '' : ', as the evidence claims';
  return [`${title}${claimed}`, ...rows, ...textRows(facts['reportData']), ...debug];
}

const PRINTABLE = /^([\x20-\x7e]{4,})\0*$/;

/** Report data that is plain text, as samples have it. */
function textRows(reportData: Fact | undefined): string[] {
  if (typeof reportData !== 'string') return [];
  const text = PRINTABLE.exec(Buffer.from(reportData, 'hex').toString('latin1'))?.[1];
  return text === undefined ? [] : [row('', `the text “${text}”`)];
}

function platformBlock({ document: { facts } }: Judgement): string[] {
  const rows = PLATFORM.flatMap(([name, label]) => factRows(label, facts[name]));
  return rows.length === 0 ? [] : ['Platform', ...rows];
}

function factRows(label: string, fact: Fact | undefined): string[] {
  if (fact === undefined) return [];
  if (Array.isArray(fact)) {
    return fact.map((item: Fact, index) => row(`${label}${index}`, shortened(String(item))));
  }
  if (typeof fact === 'object') {
    return Object.entries(fact).map(([name, value]) =>
      row(label, shortened(`${name} = ${String(value)}`)),
    );
  }
  return [row(label, shortened(String(fact)))];
}

const CHOSEN = /^(.*)-chosen$/;

function collateralBlock({ checks, document: { facts } }: Judgement): string[] {
  const parts = checks.flatMap(({ name, read = '', detail = '' }) => {
    const part = CHOSEN.exec(name)?.[1];
    return part === undefined ? [] : [{ part, text: read, source: detail }];
  });
  const [first] = parts;
  if (first === undefined) return [];
  const from = parts.every(({ source }) => source === first.source) ? first.source : undefined;
  const until = facts['earliestExpirationDate'];
  return [
    `Collateral${from === undefined ? '' : ` from ${from}`}`,
    ...parts.map(({ part, text, source }) =>
      row(part, from === undefined ? `${text}  (${source})` : text),
    ),
    ...(typeof until === 'string' ? [row('all good until', until)] : []),
  ];
}

function checksBlock({ checks }: Judgement, { allChecks }: RenderOptions): string[] {
  const asked = checks.filter(({ name }) => !CHOSEN.test(name));
  if (asked.length === 0) return [];
  const shown = allChecks ? asked : asked.filter(({ result }) => result !== 'passed');
  const passed = asked.filter(({ result }) => result === 'passed').length;
  const summary = `Checks: ${passed} of ${asked.length} passed${shown.length === 0 ? '' : ', and'}`;
  return [
    allChecks ? `Checks: ${passed} of ${asked.length} passed` : summary,
    ...shown.flatMap(checkLines),
  ];
}

function checkLines(check: Check): string[] {
  const detail = shortened(detailOf(check));
  return [`  ${MARKS[check.result]} ${check.name}${detail === '' ? '' : `  ${detail}`}`];
}

function adviceBlock({ document: { code } }: Judgement): string[] {
  if (code !== 'COLLATERAL_MISSING') return [];
  return [
    'Give what is missing with --collateral FILE_OR_DIR, have it fetched with --pccs URL,',
    'or judge without it and have that said in the verdict: --without crl,qe-identity,…',
  ];
}

const shortened = (text: string): string =>
  text.length <= MAX_VALUE_CHARACTERS ? text : `${text.slice(0, MAX_VALUE_CHARACTERS - 1)}…`;
