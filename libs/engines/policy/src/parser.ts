import { fromUtf8 } from '@touchstone/bytes';
import { SECTION_NAMES, type Policy, type Rule, type SectionName } from './ast';
import { LANGUAGE_VERSIONS, languageVersion, type LanguageVersion } from './language-version';
import { MAX_POLICY_BYTES, MAX_POLICY_RULES } from './limits';
import { PolicySyntaxError } from './policy-error';
import { parseRule } from './rule-parser';
import { TokenCursor } from './token-cursor';
import { tokenize } from './tokenizer';

/**
 * Reads a policy of Azure Attestation, versions 1.0 and 1.1.
 *
 * @throws PolicySyntaxError
 */
export function parsePolicy(text: string): Policy {
  assertSize(text);
  const cursor = new TokenCursor(text, tokenize(text));
  return cursor.within('policy', () => {
    const language = cursor.within('versionInfo', () => parseVersion(cursor));
    const sections = parseSections(cursor, language);
    if (cursor.current.kind !== 'end') cursor.mismatch('<EOF>');
    return { text, version: language.version, sections };
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

function parseSections(cursor: TokenCursor, language: LanguageVersion): Policy['sections'] {
  const sections: Record<SectionName, readonly Rule[]> = {
    configurationrules: [],
    authorizationrules: [],
    issuancerules: [],
  };
  let rulesLeft = MAX_POLICY_RULES;
  for (const name of SECTION_NAMES) {
    if (!cursor.atWord(name)) continue;
    if (!language.sections.includes(name)) {
      cursor.fail(`${name} is not part of version ${language.version}`);
    }
    sections[name] = cursor.within(name, () => parseSection(cursor, name, rulesLeft));
    rulesLeft -= sections[name].length;
  }
  return sections;
}

function parseSection(cursor: TokenCursor, name: SectionName, limit: number): readonly Rule[] {
  cursor.take();
  cursor.expect('{');
  const rules: Rule[] = [];
  while (!cursor.at('}')) {
    if (rules.length === limit) cursor.fail(`more than ${MAX_POLICY_RULES} rules`);
    rules.push(cursor.within('rule', () => parseRule(cursor, name)));
  }
  cursor.expect('}');
  cursor.expect(';');
  return rules;
}
