import { SECTION_NAMES, type SectionName } from './ast';

export type LanguageFeature = 'functions' | 'negated conditions' | 'JSON claims';

/** What a version of the language allows; a later one adds to the earlier. */
export interface LanguageVersion {
  readonly version: string;
  readonly sections: readonly SectionName[];
  readonly features: ReadonlySet<LanguageFeature>;
}

const VERSIONS: readonly LanguageVersion[] = [
  { version: '1.0', sections: ['authorizationrules', 'issuancerules'], features: new Set() },
  { version: '1.1', sections: SECTION_NAMES, features: new Set() },
  {
    version: '1.2',
    sections: SECTION_NAMES,
    features: new Set(['functions', 'negated conditions', 'JSON claims']),
  },
];

export const LANGUAGE_VERSIONS: readonly string[] = VERSIONS.map(({ version }) => version);

export function languageVersion(version: string): LanguageVersion | undefined {
  return VERSIONS.find((known) => known.version === version);
}

/** The first version that has it. */
export const versionWith = (has: (language: LanguageVersion) => boolean): string =>
  VERSIONS.find(has)?.version ?? '';
