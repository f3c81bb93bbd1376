import { fromUtf8 } from '@touchstone/bytes';
import {
  SECTION_NAMES,
  type Comments,
  type Policy,
  type Rule,
  type SectionLayout,
  type SectionName,
} from './ast';
import {
  LANGUAGE_VERSIONS,
  languageVersion,
  versionWith,
  type LanguageVersion,
} from './language-version';
import { MAX_POLICY_BYTES, MAX_POLICY_RULES } from './limits';
import { PolicySyntaxError } from './policy-error';
import { parseRule } from './rule-parser';
import { TokenCursor } from './token-cursor';
import { tokenize } from './tokenizer';

/** What the grammar calls a section and its rules. */
const GRAMMAR: Readonly<Record<SectionName, readonly [section: string, rule: string]>> = {
  configurationrules: ['configuration', 'cfgRule'],
  authorizationrules: ['authorization', 'authRule'],
  issuancerules: ['issuance', 'issRule'],
};

/**
 * Reads a policy of Azure Attestation, versions 1.0 to 1.2.
 *
 * @throws PolicySyntaxError
 */
export function parsePolicy(text: string): Policy {
  assertSize(text);
  const cursor = new TokenCursor(text, tokenize(text));
  return cursor.within('policy', () => {
    const language = cursor.within('versionInfo', () => parseVersion(cursor));
    const comments = cursor.takeComments();
    const { sections, layout } = parseSections(cursor, language);
    if (!cursor.atKind('end', '<EOF>')) refuseRest(cursor, language);
    cursor.take();
    const end = cursor.takeComments().above;
    return { text, version: language.version, sections, layout, comments, end };
  });
}

function assertSize(text: string): void {
  // A UTF-16 unit is at most three bytes of UTF-8, so short texts need not be encoded to be measured.
  if (text.length * 3 <= MAX_POLICY_BYTES || fromUtf8(text).length <= MAX_POLICY_BYTES) return;
  throw new PolicySyntaxError({
    line: 1,
    column: 1,
    offendingSymbol: '',
    failingRule: 'policy',
    failureMessage: `the policy is longer than ${MAX_POLICY_BYTES} bytes`,
    expected: [],
  });
}

function parseVersion(cursor: TokenCursor): LanguageVersion {
  cursor.expectWord('version');
  cursor.expect('=');
  const first = cursor.current;
  const major = cursor.expectKind('integer', 'INT').text;
  cursor.expect('.');
  const minor = cursor.expectKind('integer', 'INT').text;
  const language = languageVersion(`${major}.${minor}`);
  if (!language) {
    cursor.fail(`version ${major}.${minor} is none of ${LANGUAGE_VERSIONS.join(', ')}`, first);
  }
  cursor.expect(';');
  return language;
}

function parseSections(
  cursor: TokenCursor,
  language: LanguageVersion,
): Pick<Policy, 'sections' | 'layout'> {
  const layout: Partial<Record<SectionName, SectionLayout>> = {};
  const sections: Record<SectionName, readonly Rule[]> = {
    configurationrules: [],
    authorizationrules: [],
    issuancerules: [],
  };
  let rulesLeft = MAX_POLICY_RULES;
  for (const name of language.sections) {
    if (!cursor.atWord(name)) continue;
    const section = cursor.within(GRAMMAR[name][0], () =>
      parseSection(cursor, name, language, rulesLeft),
    );
    sections[name] = section.rules;
    layout[name] = section.layout;
    rulesLeft -= section.rules.length;
  }
  return { sections, layout };
}

function parseSection(
  cursor: TokenCursor,
  name: SectionName,
  language: LanguageVersion,
  limit: number,
): { readonly rules: readonly Rule[]; readonly layout: SectionLayout } {
  cursor.take();
  cursor.expect('{');
  const { above } = cursor.takeComments();
  const rules: Rule[] = [];
  while (!cursor.at('}')) {
    if (rules.length === limit) cursor.fail(`more than ${MAX_POLICY_RULES} rules`);
    rules.push(cursor.within(GRAMMAR[name][1], () => parseRule(cursor, name, language)));
  }
  cursor.take();
  const end = cursor.takeComments();
  cursor.expect(';');
  const after = cursor.takeComments();
  return { rules, layout: layoutOf(above, end, after) };
}

/** A comment between the last brace and its semicolon is one about the section. */
function layoutOf(above: readonly string[], end: Comments, after: Comments): SectionLayout {
  const beside = after.beside ?? end.beside;
  const between = after.beside === undefined || end.beside === undefined ? [] : [end.beside];
  return {
    comments: {
      above: [...above, ...between, ...after.above],
      ...(beside !== undefined && { beside }),
    },
    end: end.above,
  };
}

/** Something follows that is no section, or none of this version, or none that may follow here. */
function refuseRest(cursor: TokenCursor, language: LanguageVersion): never {
  const later = SECTION_NAMES.find(
    (name) => cursor.current.text.toLowerCase() === name && !language.sections.includes(name),
  );
  if (later === undefined) return cursor.mismatch();
  const since = versionWith(({ sections }) => sections.includes(later));
  return cursor.mismatch(` (${later} needs version ${since})`);
}
