import { SECTION_NAMES, type SectionName } from './ast';

/** What a version of the language allows; a later one adds to the earlier. */
export interface LanguageVersion {
  readonly version: string;
  readonly sections: readonly SectionName[];
}

const VERSIONS: readonly LanguageVersion[] = [
  { version: '1.0', sections: ['authorizationrules', 'issuancerules'] },
  { version: '1.1', sections: SECTION_NAMES },
];

export const LANGUAGE_VERSIONS: readonly string[] = VERSIONS.map(({ version }) => version);

export function languageVersion(version: string): LanguageVersion | undefined {
  return VERSIONS.find((known) => known.version === version);
}
